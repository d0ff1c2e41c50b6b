package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Wire;

/** The same in datagrams. */
class PymodbusUdpPeerTest extends PymodbusPeerTest {
  @Override
  Wire wire() {
    return Wire.UDP;
  }
}
