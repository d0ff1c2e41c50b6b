package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.serial.SerialException;
import java.io.IOException;

/** What the port service tells, on its way through what is made for connections too. */
final class SerialFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** What was told. */
  private final SerialException told;

  SerialFailure(SerialException told) {
    super(told.getMessage(), told);
    this.told = told;
  }

  SerialException told() {
    return told;
  }
}
