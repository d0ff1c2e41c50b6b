package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Wire;

/** The same with RTU frames on TCP. */
class PymodbusRtuTcpPeerTest extends PymodbusPeerTest {
  @Override
  Wire wire() {
    return Wire.RTU_OVER_TCP;
  }
}
