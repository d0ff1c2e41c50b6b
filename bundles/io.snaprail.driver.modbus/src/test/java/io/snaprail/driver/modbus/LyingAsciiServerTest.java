package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.Wire;

/** Lies in ASCII frames on TCP. */
class LyingAsciiServerTest extends LyingLineServerSuite {
  @Override
  protected Wire wire() {
    return Wire.ASCII_OVER_TCP;
  }

  @Override
  Lie longByteCount(Behaviour behaviour) {
    return Lie.fast("long byte count", behaviour);
  }
}
