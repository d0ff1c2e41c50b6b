package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.internal.RtuForm;
import io.snaprail.driver.modbus.internal.SerialConfig;
import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A device that speaks RTU on a serial port. */
@Component(
    name = ModbusRtuDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = ModbusRtuDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RtuForm.class, factory = true)
public final class ModbusRtuDevice extends SerialDevice {
  static final String PID = NetworkDevice.PIDS + "rtu";

  /** Called by the framework. Opens nothing. */
  @Activate
  public ModbusRtuDevice(
      SerialConfig config, Map<String, Object> properties, @Reference SerialBuses buses) {
    super(SerialMode.RTU, config, properties, buses);
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public void deactivate() {
    close();
  }
}
