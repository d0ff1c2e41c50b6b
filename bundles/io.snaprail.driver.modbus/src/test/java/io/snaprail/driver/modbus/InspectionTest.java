package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Inspection.Fact;
import io.snaprail.api.driver.Inspection.Read;
import io.snaprail.api.driver.Inspection.Span;
import io.snaprail.api.driver.Inspection.Use;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people are told of a Modbus device. */
class InspectionTest {
  private Driver driver;
  private HostileModbusServer server;

  @BeforeEach
  void start() throws Exception {
    driver = new Driver();
    server = HostileModbusServer.start();
    server.unit(1);
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  private static double figure(NetworkDevice device, String key) {
    return device.inspect().figures().stream()
        .filter(figure -> figure.key().equals(key))
        .mapToDouble(Inspection.Figure::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thePictureShowsPointsHolesAndOverlaps() {
    NetworkDevice device =
        driver.device("host", server.host(), "port", server.port(), "max.gap", 10);
    ReadPlan plan =
        Driver.plan(
            device,
            TestPoints.readable("far", "holding:100", "uint16"),
            TestPoints.readable("bit", "holding:3.1", "bool"),
            TestPoints.readable("word", "holding:3", "uint16"),
            TestPoints.readable("float", "holding:6", "float32"));

    assertThat(((Inspectable) plan).inspect().reads())
        .containsExactly(
            new Read(
                "holding",
                3,
                5,
                List.of(
                    new Span(3, 1, Use.POINT, "bit, word"),
                    new Span(4, 2, Use.HOLE, ""),
                    new Span(6, 2, Use.POINT, "float"))),
            new Read("holding", 100, 1, List.of(new Span(100, 1, Use.POINT, "far"))));
  }

  @Test
  void addressesAreShownAsTheDeviceCountsThem() {
    NetworkDevice device =
        driver.device("host", server.host(), "port", server.port(), "zero.based", false);
    ReadPlan plan = Driver.plan(device, TestPoints.readable("a", "holding:7", "uint16"));

    assertThat(((Inspectable) plan).inspect().reads().get(0).start()).isEqualTo(7);
    assertThat(device.inspect().facts())
        .contains(new Fact("Addresses", "one-based: holding:1 is the first register, as is 40001"));
  }

  @Test
  void whatTheDeviceRefusesIsShownWithTheReason() throws Exception {
    server.unit(1).forbid(Area.HOLDING, 5, 5);
    ReadPlan plan =
        Driver.plan(
            driver.device(server, 1),
            TestPoints.readable("a", "holding:4", "uint16"),
            TestPoints.readable("b", "holding:5", "uint16"),
            TestPoints.readable("c", "holding:6", "uint16"));
    Driver.read(plan);
    Driver.read(plan);

    assertThat(((Inspectable) plan).inspect().reads())
        .filteredOn(read -> read.spans().get(0).use() == Use.QUARANTINED)
        .singleElement()
        .satisfies(
            read -> {
              assertThat(read.start()).isEqualTo(5);
              assertThat(read.spans().get(0).label()).startsWith("b: exception 2");
            });
    assertThat(((Inspectable) plan).inspect().figures().get(0).value()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void figuresTellWhatHappenedToTheRequests(Wire wire) throws Exception {
    try (HostileModbusServer far = HostileModbusServer.start(wire)) {
      far.unit(1);
      NetworkDevice device = driver.deviceOf(far, 1);
      ReadPlan plan = Driver.plan(device, TestPoints.readable("a", "holding:4", "uint16"));
      assertThat(figure(device, "rtt_p50_ms")).isNaN();
      assertThat(device.inspect().facts()).contains(new Fact("Connection", "closed"));
      far.next(Behaviour.honest(), Behaviour.exception(4), Behaviour.wrongUnit());

      Driver.read(plan);
      Driver.read(plan);
      Driver.readFails(plan);
      far.always(Behaviour.silence());
      Driver.readFails(plan, Duration.ofMillis(150));
      far.honest();
      Driver.read(plan);

      assertThat(figure(device, "requests")).isEqualTo(5);
      assertThat(figure(device, "exception_4")).isEqualTo(1);
      assertThat(figure(device, "wrong_answers")).isEqualTo(1);
      assertThat(figure(device, "timeouts")).isEqualTo(1);
      assertThat(figure(device, "rtt_p50_ms")).isPositive();
      assertThat(figure(device, "rtt_p99_ms")).isGreaterThanOrEqualTo(figure(device, "rtt_p50_ms"));
      assertThat(device.inspect().facts()).contains(new Fact("Connection", "open"));
    }
  }

  /** Asked for by the tool only: there are devices that fall silent when they are asked. */
  @Test
  void identificationIsRememberedOnceAToolHasAskedForIt() throws Exception {
    NetworkDevice device = driver.device(server, 1);
    assertThat(device.inspect().facts())
        .contains(new Fact("Identification", "not asked for; use the tool 'identify'"));
    server.always(
        x -> x.send(x.frame(new byte[] {0x2b, 0x0e, 2, 1, 0, 0, 1, 0, 4, 'A', 'C', 'M', 'E'})));

    Driver.use(
        driver.tools(),
        ModbusTcpDevice.PID,
        "identify",
        Map.of("host", server.host(), "port", (long) server.port()),
        new RecordingRun());

    assertThat(device.inspect().facts()).contains(new Fact("Vendor", "ACME"));
  }
}
