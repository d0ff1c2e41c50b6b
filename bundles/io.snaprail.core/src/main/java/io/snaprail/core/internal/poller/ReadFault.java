package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.DriverException;

/**
 * Why a read failed.
 *
 * @param cause what the driver threw
 */
record ReadFault(Throwable cause) {
  /** Whether the driver's contract has it; anything else is a fault of the driver itself. */
  boolean declared() {
    return cause instanceof DriverException;
  }

  /** Whether the device may be there all the same, as after an answer that was lost. */
  boolean mayPass() {
    return cause instanceof DriverException e
        && (e.kind() == DriverException.Kind.TRANSIENT
            || e.kind() == DriverException.Kind.PROTOCOL);
  }

  /** For people. */
  String message() {
    if (!declared()) {
      return "the driver failed: " + cause;
    }
    String message = cause.getMessage();
    return message == null || message.isEmpty() ? cause.toString() : message;
  }
}
