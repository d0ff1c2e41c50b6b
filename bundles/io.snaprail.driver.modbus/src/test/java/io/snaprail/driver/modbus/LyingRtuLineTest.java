package io.snaprail.driver.modbus;

import io.snaprail.driver.modbus.internal.serial.SerialMode;

/** Lies and damage in RTU on a serial line. */
class LyingRtuLineTest extends LyingLineSuite {
  LyingRtuLineTest() {
    super(SerialMode.RTU);
  }
}
