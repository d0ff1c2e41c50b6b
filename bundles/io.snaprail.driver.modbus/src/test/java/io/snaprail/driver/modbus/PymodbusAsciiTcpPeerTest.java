package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Wire;

/** The same with ASCII frames on TCP. */
class PymodbusAsciiTcpPeerTest extends PymodbusPeerTest {
  @Override
  Wire wire() {
    return Wire.ASCII_OVER_TCP;
  }
}
