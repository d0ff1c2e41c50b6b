package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.modbus.internal.ModbusUnit;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;

/** A device that tools work on. */
public interface Target extends TrialDevice {
  /** The way to its bus; to be used in turn with whoever is on the bus. */
  ModbusTransport transport();

  /** The unit of the settings. */
  ModbusUnit unit();
}
