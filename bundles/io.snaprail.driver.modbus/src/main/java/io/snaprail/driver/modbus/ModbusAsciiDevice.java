package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.internal.AsciiForm;
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

/** A device that speaks ASCII on a serial port. */
@Component(
    name = ModbusAsciiDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = ModbusAsciiDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AsciiForm.class, factory = true)
public final class ModbusAsciiDevice extends SerialDevice {
  static final String PID = NetworkDevice.PIDS + "ascii";

  /** Called by the framework. Opens nothing. */
  @Activate
  public ModbusAsciiDevice(
      SerialConfig config, Map<String, Object> properties, @Reference SerialBuses buses) {
    super(SerialMode.ASCII, config, properties, buses);
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public void deactivate() {
    close();
  }
}
