package io.snaprail.driver.modbus;

import io.snaprail.driver.modbus.internal.serial.SerialMode;

/** Lies and damage in ASCII on a serial line. */
class LyingAsciiLineTest extends LyingLineSuite {
  LyingAsciiLineTest() {
    super(SerialMode.ASCII);
  }
}
