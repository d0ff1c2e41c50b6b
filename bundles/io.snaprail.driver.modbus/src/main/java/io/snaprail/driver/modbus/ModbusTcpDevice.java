package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.TcpForm;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A device on Modbus TCP. */
@Component(
    name = ModbusTcpDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = ModbusTcpDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TcpForm.class, factory = true)
public final class ModbusTcpDevice extends NetworkDevice {
  static final String PID = PIDS + "tcp";

  /** Called by the framework. Connects to nothing. */
  @Activate
  public ModbusTcpDevice(
      TcpConfig config, Map<String, Object> properties, @Reference ConnectionPool connections) {
    super(Protocol.TCP, config, properties, connections);
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public void deactivate() {
    close();
  }
}
