package io.snaprail.driver.modbus.internal.serial;

import java.io.IOException;
import java.net.SocketTimeoutException;

/** A unit has not answered what was to be asked before the request; the request was not sent. */
final class SilentUnitException extends IOException {
  private static final long serialVersionUID = 1L;

  SilentUnitException(SocketTimeoutException cause) {
    super(cause);
  }
}
