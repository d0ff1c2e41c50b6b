package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.modbus.internal.ModbusUnit;

/** A device that tools work on. */
public interface Target extends TrialDevice {
  /** The unit of the settings. */
  ModbusUnit unit();
}
