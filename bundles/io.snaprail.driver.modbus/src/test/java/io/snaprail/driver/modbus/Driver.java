package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.modbus.internal.SettingsProblems;
import io.snaprail.driver.modbus.internal.tcp.ConnectionPool;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The bundle's components wired by hand. */
final class Driver implements AutoCloseable {
  static final Duration AMPLE = Duration.ofSeconds(10);

  /** A connection unused for longer is looked at before it is used. */
  static final Duration IDLE = Duration.ofMillis(20);

  final TestBoard board = new TestBoard();
  final ConnectionPool pool = new ConnectionPool(IDLE);
  private final SettingsProblems problems = new SettingsProblems(board);

  ModbusTcpDevice device(Object... keysAndValues) {
    Map<String, Object> properties = TestConfig.properties(keysAndValues);
    return new ModbusTcpDevice(TestConfig.of(properties), properties, pool, problems);
  }

  ModbusTcpDevice device(HostileModbusServer server, int unit) {
    return device("host", server.host(), "port", server.port(), "unit", unit);
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
