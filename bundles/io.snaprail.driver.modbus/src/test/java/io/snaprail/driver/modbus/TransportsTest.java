package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the transports do alike, and where they differ on purpose. */
class TransportsTest {
  private Driver driver;

  @BeforeEach
  void start() {
    driver = new Driver();
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @ParameterizedTest
  @EnumSource
  void unitsOfOneHostAndPortShareItsConnection(Wire wire) throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start(wire)) {
      server.unit(1).set(Area.HOLDING, 0, 11);
      server.unit(2).set(Area.HOLDING, 0, 22);
      NetworkDevice one = driver.deviceOf(server, 1);
      NetworkDevice two = driver.deviceOf(server, 2);
      assertThat(one.bus()).isEqualTo(two.bus());

      for (int i = 0; i < 3; i++) {
        assertThat(Driver.read(plan(one)).value(0)).isEqualTo(new Value.Int(11));
        assertThat(Driver.read(plan(two)).value(0)).isEqualTo(new Value.Int(22));
      }
      one.close();
      assertThat(Driver.read(plan(two)).value(0)).isEqualTo(new Value.Int(22));

      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  /** A device may serve the same port number on TCP and on UDP: those are two ways to it. */
  @Test
  void theSamePortOnTcpAndUdpIsTwoBuses() {
    Device tcp = driver.device(Wire.TCP, 502, 1);
    Device udp = driver.device(Wire.UDP, 502, 1);
    Device rtu = driver.device(Wire.RTU_OVER_TCP, 502, 1);

    assertThat(tcp.bus()).isEqualTo("tcp:127.0.0.1:502");
    assertThat(udp.bus()).isEqualTo("udp:127.0.0.1:502");
    assertThat(rtu.bus()).isEqualTo("rtutcp:127.0.0.1:502");
    assertThat(metrics().keySet())
        .contains(
            "snaprail_modbus_connects_total{endpoint,127.0.0.1:502,transport,tcp}",
            "snaprail_modbus_connects_total{endpoint,127.0.0.1:502,transport,udp}",
            "snaprail_modbus_connects_total{endpoint,127.0.0.1:502,transport,rtutcp}");
  }

  @Test
  void damagedFramesAreCountedApartFromWrongAnswers() throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start(Wire.RTU_OVER_TCP)) {
      server.unit(1);
      ReadPlan plan = plan(driver.deviceOf(server, 1));
      server.next(Behaviour.damaged(), Behaviour.wrongUnit(), Behaviour.damaged());

      assertThat(Driver.readFails(plan).getMessage())
          .contains("wrong answer to read holding 0: CRC");
      Driver.readFails(plan);
      Driver.readFails(plan);

      String of = "{endpoint,127.0.0.1:" + server.port() + ",transport,rtutcp,unit,1}";
      assertThat(metrics())
          .containsEntry("snaprail_modbus_checksum_errors_total" + of, 2.0)
          .containsEntry("snaprail_modbus_wrong_answers_total" + of, 1.0);
    }
  }

  /** A refusal of the slave itself is its last word: "nothing but a real error reopens". */
  @Test
  void aPlainRefusalKeepsTheConnectionOfRtu() throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start(Wire.RTU_OVER_TCP)) {
      server.unit(1).forbid(Area.HOLDING, 0, 0);
      ReadPlan plan = plan(driver.deviceOf(server, 1));

      for (int i = 0; i < 5; i++) {
        assertThat(Driver.read(plan).reason(0)).contains("exception 2");
      }

      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void whereNothingListensOnUdpIsSaidAtOnce() throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start(Wire.UDP)) {
      NetworkDevice device = driver.deviceOf(server, 1);
      server.vanish();

      DriverException failure =
          Assertions.catchThrowableOfType(
              DriverException.class,
              () ->
                  device.write(
                      TestPoints.writable("a", "holding:0", "int16"),
                      new Value.Int(1),
                      Deadline.in(Driver.AMPLE)));

      assertThat(failure)
          .hasMessage(
              "127.0.0.1:%d unit 1: cannot write holding 0: nothing listens on this port",
              server.port());
      assertThat(failure.sent()).isFalse();
    }
  }

  private static ReadPlan plan(Device device) {
    return Driver.plan(device, TestPoints.readable("a", "holding:0", "int16"));
  }

  private Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    driver.pool.collect(
        new MetricSource.Collector() {
          @Override
          public void counter(String name, String help, double value, String... labels) {
            metrics.put(name + "{" + String.join(",", labels) + "}", value);
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            throw new AssertionError(name);
          }
        });
    return metrics;
  }
}
