package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many connections there are, how long they live, and that none is left behind. */
class ConnectionsTest {
  private Driver driver;

  @BeforeEach
  void start() {
    driver = new Driver();
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private static HostileModbusServer server(Wire wire) throws IOException {
    HostileModbusServer server = HostileModbusServer.start(wire);
    for (int unit = 1; unit <= 4; unit++) {
      server.unit(unit).set(Area.HOLDING, 0, 10 * unit);
    }
    return server;
  }

  private NetworkDevice device(HostileModbusServer server, int unit, String key, Object value) {
    Map<String, Object> properties =
        TestConfig.properties(
            "host", server.host(), "port", server.port(), "unit", unit, key, value);
    TcpConfig config = TestConfig.of(properties);
    return switch (server.wire()) {
      case TCP -> new ModbusTcpDevice(config, properties, driver.pool);
      case RTU_OVER_TCP -> new ModbusRtuTcpDevice(config, properties, driver.pool);
      case ASCII_OVER_TCP -> new ModbusAsciiTcpDevice(config, properties, driver.pool);
      case UDP -> new ModbusUdpDevice(config, properties, driver.pool);
    };
  }

  private static ReadPlan plan(NetworkDevice device) {
    return Driver.plan(device, TestPoints.readable("a", "holding:0", "int16"));
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP", "RTU_OVER_TCP"})
  void unitsAreSpreadOverTheConnectionsThatADeviceAllows(Wire wire) throws Exception {
    try (HostileModbusServer server = server(wire)) {
      List<NetworkDevice> devices =
          List.of(
              device(server, 1, "max.connections", 2),
              device(server, 2, "max.connections", 2),
              device(server, 3, "max.connections", 2),
              device(server, 4, "max.connections", 2));
      String first = devices.get(0).bus();

      assertThat(devices)
          .extracting(NetworkDevice::bus)
          .containsExactly(first, first + "#2", first, first + "#2");
      assertThat(first).endsWith(":" + server.port());
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
          assertThat(Driver.read(plan(devices.get(i))).value(0))
              .isEqualTo(new Value.Int(10 * (i + 1)));
        }
      }
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP", "RTU_OVER_TCP"})
  void aConnectionThatIsIdleLongEnoughIsClosed(Wire wire) throws Exception {
    try (HostileModbusServer server = server(wire)) {
      ReadPlan plan = plan(device(server, 1, "connection.idle.s", 1));
      long used = System.nanoTime();
      Driver.read(plan);

      await().atMost(Duration.ofSeconds(5)).until(() -> server.open() == 0);

      assertThat(Duration.ofNanos(System.nanoTime() - used))
          .isGreaterThanOrEqualTo(Duration.ofMillis(990));
      assertThat(Driver.read(plan).value(0)).isEqualTo(new Value.Int(10));
    }
  }

  /** Devices that take one master only and have several. */
  @ParameterizedTest
  @EnumSource(names = {"TCP", "RTU_OVER_TCP"})
  void aConnectionThatIsNotKeptIsClosedAfterEachCycle(Wire wire) throws Exception {
    try (HostileModbusServer server = server(wire)) {
      ReadPlan plan = plan(device(server, 1, "connection.keep", false));

      for (int cycle = 1; cycle <= 3; cycle++) {
        assertThat(Driver.read(plan).value(0)).isEqualTo(new Value.Int(10));
        await().until(() -> server.open() == 0);
        assertThat(server.accepted()).isEqualTo(cycle);
      }
    }
  }

  /** OpenEMS 3875: what is configured again and again must leave nothing behind. */
  @Test
  void fiveHundredReconfigurationsLeaveNoDescriptorAndNoThread() throws Exception {
    try (HostileModbusServer server = server(Wire.TCP)) {
      int descriptors = 0;
      for (int i = 0; i < 500; i++) {
        NetworkDevice device = device(server, 1, "max.outstanding", 1 + i % 4);
        switch (i % 3) {
          case 0 -> server.next(Behaviour.silence());
          case 1 -> server.next(Behaviour.resetMidAnswer());
          default -> server.honest();
        }
        if (i % 3 == 2) {
          assertThat(Driver.read(plan(device)).value(0)).isEqualTo(new Value.Int(10));
        } else {
          Driver.readFails(plan(device), Duration.ofMillis(30));
        }
        device.close();
        if (i == 50) {
          await().until(() -> server.open() == 0);
          descriptors = descriptors();
        }
      }
      await().until(() -> server.open() == 0);

      int most = descriptors + 10;
      await().untilAsserted(() -> assertThat(descriptors()).isLessThan(most));
      assertThat(
              Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> thread.getName().startsWith("snaprail-modbus"))
                  .map(Thread::getName))
          .containsExactly("snaprail-modbus-io");
    }
  }

  private static int descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  private static final String PYTHON_SERVER =
      """
      import socket, struct, threading
      def serve(c):
          try:
              while True:
                  h = c.recv(12, socket.MSG_WAITALL)
                  if len(h) < 12: return
                  t, a, n = h[:2], *struct.unpack('>HH', h[8:12])
                  data = b''.join(struct.pack('>H', a + i + 1000) for i in range(n))
                  c.sendall(t + struct.pack('>HHBBB', 0, 3 + len(data), h[6], 3, len(data)) + data)
          except OSError: pass
      s = socket.create_server(('127.0.0.1', 0))
      print(s.getsockname()[1], flush=True)
      while True:
          c, _ = s.accept()
          threading.Thread(target=serve, args=(c,), daemon=True).start()
      """;

  /** The system still takes connections for a process that is stopped, and answers nothing. */
  @Test
  @Timeout(60)
  void aServerThatIsStoppedCostsNoMoreThanTheDeadlineAndIsBackWhenItGoesOn() throws Exception {
    Process process = new ProcessBuilder("/usr/bin/python3", "-c", PYTHON_SERVER).start();
    try (BufferedReader output = process.inputReader()) {
      int port = Integer.parseInt(Objects.requireNonNull(output.readLine()).trim());
      NetworkDevice device = driver.device(Wire.TCP, port, 1);
      ReadPlan one = Driver.plan(device, TestPoints.readable("a", "holding:7", "int16"));
      ReadPlan two = Driver.plan(device, TestPoints.readable("a", "holding:99", "int16"));
      assertThat(Driver.read(one).value(0)).isEqualTo(new Value.Int(1007));

      signal("STOP", process);
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        Driver.readFails(one, Duration.ofMillis(100));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      }
      signal("CONT", process);

      for (int i = 0; i < 5; i++) {
        assertThat(Driver.read(two).value(0)).isEqualTo(new Value.Int(1099));
        assertThat(Driver.read(one).value(0)).isEqualTo(new Value.Int(1007));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static void signal(String name, Process process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }
}
