package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Waits;
import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.driver.modbus.internal.tls.TlsKeys;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bundle's components wired by hand. */
final class Driver implements AutoCloseable {
  static final Duration AMPLE = Duration.ofSeconds(10);

  /** A connection unused for longer is looked at before it is used. */
  static final Duration IDLE = Duration.ofMillis(20);

  /** A server of the test kit keeps nothing back for the next connection. */
  private static final Duration SETTLE = Duration.ofMillis(1);

  /** For what needs none. */
  static final TlsKeys NO_KEYS =
      new TlsKeys(
          (CertificateStore) null,
          new ProblemBoard() {
            @Override
            public void report(String source, List<Problem> problems) {
              throw new AssertionError(source + ": " + problems);
            }

            @Override
            public List<Entry> problems() {
              return List.of();
            }
          });

  final ConnectionPool pool = new ConnectionPool(new Waits(IDLE, SETTLE));

  ModbusTcpDevice device(Object... keysAndValues) {
    Map<String, Object> properties = TestConfig.properties(keysAndValues);
    return new ModbusTcpDevice(TestConfig.of(properties), properties, pool);
  }

  ModbusTcpDevice device(HostileModbusServer server, int unit) {
    return device("host", server.host(), "port", server.port(), "unit", unit);
  }

  /** A device that speaks what the server speaks. */
  NetworkDevice deviceOf(HostileModbusServer server, int unit) {
    return device(server.wire(), server.port(), unit);
  }

  NetworkDevice device(Wire wire, int port, int unit) {
    return device(wire, port, unit, Map.of());
  }

  /** More settings. */
  NetworkDevice device(Wire wire, int port, int unit, Map<String, Object> more) {
    Map<String, Object> properties =
        TestConfig.properties("host", "127.0.0.1", "port", port, "unit", unit);
    properties.putAll(more);
    TcpConfig config = TestConfig.of(properties);
    return switch (wire) {
      case TCP -> new ModbusTcpDevice(config, properties, pool);
      case RTU_OVER_TCP -> new ModbusRtuTcpDevice(config, properties, pool);
      case ASCII_OVER_TCP -> new ModbusAsciiTcpDevice(config, properties, pool);
      case UDP -> new ModbusUdpDevice(config, properties, pool);
    };
  }

  /** The tools of the bundle. */
  ModbusTools tools() {
    return new ModbusTools(pool, new SerialBuses(), NO_KEYS);
  }

  /**
   * Runs a tool.
   *
   * @param parameters ids and values in turn; the others are what they are unless they are given
   */
  static RecordingRun use(
      ModbusTools tools,
      String pid,
      String tool,
      Map<String, Object> settings,
      RecordingRun run,
      String... parameters)
      throws DriverException, InterruptedException {
    Tool wanted =
        tools.tools(pid).stream().filter(t -> t.id().equals(tool)).findFirst().orElseThrow();
    Map<String, String> given = new HashMap<>();
    wanted.parameters().forEach(p -> given.put(p.id(), p.initial()));
    for (int i = 0; i < parameters.length; i += 2) {
      given.put(parameters[i], parameters[i + 1]);
    }
    tools.run(pid, tool, settings, given, run);
    return run;
  }

  /** The factory PID of devices that speak so. */
  static String pid(Wire wire) {
    return switch (wire) {
      case TCP -> ModbusTcpDevice.PID;
      case RTU_OVER_TCP -> ModbusRtuTcpDevice.PID;
      case ASCII_OVER_TCP -> ModbusAsciiTcpDevice.PID;
      case UDP -> ModbusUdpDevice.PID;
    };
  }

  static ReadPlan plan(Device device, PointDefinition... points) {
    return device.compile(
        List.of(points),
        (index, message) -> {
          throw new AssertionError(index + ": " + message);
        });
  }

  static RecordingSink read(ReadPlan plan) throws DriverException {
    return read(plan, AMPLE);
  }

  static RecordingSink read(ReadPlan plan, Duration time) throws DriverException {
    RecordingSink sink = new RecordingSink();
    plan.read(sink, Deadline.in(time));
    return sink;
  }

  static DriverException readFails(ReadPlan plan) {
    return readFails(plan, AMPLE);
  }

  static DriverException readFails(ReadPlan plan, Duration time) {
    DriverException failure = catchThrowableOfType(DriverException.class, () -> read(plan, time));
    assertThat(failure).as("a failure was expected").isNotNull();
    return failure;
  }

  @Override
  public void close() {
    pool.deactivate();
  }
}
