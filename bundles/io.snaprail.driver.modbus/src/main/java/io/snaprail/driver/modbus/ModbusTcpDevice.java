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
import io.snaprail.driver.modbus.internal.tcp.ConnectionPool;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A device on Modbus TCP. Devices with the same host and port share one connection, whatever their
 * units, as some devices accept no second one.
 */
@Component(
    name = ModbusTcpDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = ModbusTcpDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TcpConfig.class, factory = true)
public final class ModbusTcpDevice implements Device {
  static final String PID = "io.snaprail.driver.modbus.tcp";

  private final String bus;
  private final ModbusTransport transport;
  private final ModbusUnit unit;

  /**
   * Called by the framework. Connects to nothing.
   *
   * @throws IllegalArgumentException when a setting is wrong, which is then on the problem board
   */
  @Activate
  public ModbusTcpDevice(
      TcpConfig config,
      Map<String, Object> properties,
      @Reference ConnectionPool connections,
      @Reference SettingsProblems problems) {
    String pid = String.valueOf(properties.getOrDefault("service.pid", PID));
    Settings settings = problems.check(pid, () -> Settings.of(config, properties));
    transport = connections.lease(settings.host(), settings.port(), settings.connectTimeoutMs());
    bus = "tcp:" + transport.endpoint();
    unit = new ModbusUnit(transport, settings);
  }

  @Override
  public String bus() {
    return bus;
  }

  @Override
  public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    return unit.compile(points, errors);
  }

  @Override
  public void checkWritable(List<PointDefinition> points, PointErrors errors) {
    unit.checkWritable(points, errors);
  }

  @Override
  public void write(PointDefinition point, Value raw, Deadline deadline) throws DriverException {
    unit.write(point, raw, deadline);
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public void deactivate() {
    transport.close();
  }
}
