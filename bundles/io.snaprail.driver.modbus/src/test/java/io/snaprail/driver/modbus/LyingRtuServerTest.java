package io.snaprail.driver.modbus;

import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.Wire;

/** Lies in RTU frames on TCP. */
class LyingRtuServerTest extends LyingLineServerSuite {
  @Override
  protected Wire wire() {
    return Wire.RTU_OVER_TCP;
  }

  @Override
  Lie longByteCount(Behaviour behaviour) {
    return Lie.slow("long byte count", behaviour);
  }
}
