package io.snaprail.driver.modbus.internal.serial;

import java.io.IOException;

/** A request was not sent; the message says why. */
final class UnsentException extends IOException {
  private static final long serialVersionUID = 1L;

  UnsentException(String why) {
    super(why);
  }
}
