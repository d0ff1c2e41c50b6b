package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.UdpConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A device on Modbus UDP. */
@Component(
    name = ModbusUdpDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = ModbusUdpDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = UdpConfig.class, factory = true)
public final class ModbusUdpDevice extends NetworkDevice {
  static final String PID = PIDS + "udp";

  /** Called by the framework. Connects to nothing. */
  @Activate
  public ModbusUdpDevice(
      TcpConfig config, Map<String, Object> properties, @Reference ConnectionPool connections) {
    super(Protocol.UDP, config, properties, connections);
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public void deactivate() {
    close();
  }
}
