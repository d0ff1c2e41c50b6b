package io.snaprail.driver.modbus;

import io.snaprail.driver.modbus.internal.serial.SerialMode;

/** pymodbus as a slave on a line, in RTU. */
class PymodbusRtuPeerTest extends PymodbusSerialPeerSuite {
  PymodbusRtuPeerTest() {
    super(SerialMode.RTU);
  }
}
