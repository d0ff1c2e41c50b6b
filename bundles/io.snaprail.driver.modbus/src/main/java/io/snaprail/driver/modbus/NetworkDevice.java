package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.ModbusUnit;
import io.snaprail.driver.modbus.internal.Settings;
import io.snaprail.driver.modbus.internal.SettingsProblems;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.List;
import java.util.Map;

/**
 * A device with a host and a port. Devices with the same protocol, host and port share one
 * connection, whatever their units, as some devices accept no second one.
 */
abstract class NetworkDevice implements Device {
  /** Followed by the scheme of the protocol. */
  static final String PIDS = "io.snaprail.driver.modbus.";

  private final String bus;
  private final ModbusTransport transport;
  private final ModbusUnit unit;

  /**
   * Connects to nothing.
   *
   * @throws IllegalArgumentException when a setting is wrong, which is then on the problem board
   */
  NetworkDevice(
      Protocol protocol,
      TcpConfig config,
      Map<String, Object> properties,
      ConnectionPool connections,
      SettingsProblems problems) {
    String pid = String.valueOf(properties.getOrDefault("service.pid", PIDS + protocol.scheme()));
    Settings settings = problems.check(pid, () -> Settings.of(config, properties));
    transport =
        connections.lease(protocol, settings.host(), settings.port(), settings.connectTimeoutMs());
    bus = protocol.scheme() + ":" + transport.endpoint();
    unit = new ModbusUnit(transport, settings);
  }

  @Override
  public final String bus() {
    return bus;
  }

  @Override
  public final ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    return unit.compile(points, errors);
  }

  @Override
  public final void checkWritable(List<PointDefinition> points, PointErrors errors) {
    unit.checkWritable(points, errors);
  }

  @Override
  public final void write(PointDefinition point, Value raw, Deadline deadline)
      throws DriverException {
    unit.write(point, raw, deadline);
  }

  /** Ends a call that is under way. */
  final void close() {
    transport.close();
  }
}
