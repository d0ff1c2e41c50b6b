package io.snaprail.driver.modbus;

import io.snaprail.driver.modbus.internal.serial.SerialMode;

/** pymodbus as a slave on a line, in ASCII. */
class PymodbusAsciiPeerTest extends PymodbusSerialPeerSuite {
  PymodbusAsciiPeerTest() {
    super(SerialMode.ASCII);
  }
}
