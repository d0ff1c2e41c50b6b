package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.internal.RtuTcpConfig;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A device behind a converter that passes on RTU frames as they are. */
@Component(
    name = ModbusRtuTcpDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = ModbusRtuTcpDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RtuTcpConfig.class, factory = true)
public final class ModbusRtuTcpDevice extends NetworkDevice {
  static final String PID = PIDS + "rtutcp";

  /** Called by the framework. Connects to nothing. */
  @Activate
  public ModbusRtuTcpDevice(
      TcpConfig config, Map<String, Object> properties, @Reference ConnectionPool connections) {
    super(Protocol.RTU_TCP, config, properties, connections);
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public void deactivate() {
    close();
  }
}
