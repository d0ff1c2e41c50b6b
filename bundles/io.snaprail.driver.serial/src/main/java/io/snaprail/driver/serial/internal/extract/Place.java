package io.snaprail.driver.serial.internal.extract;

import io.snaprail.driver.serial.internal.framing.Frame;

/** Where a value stands in a frame. Keeps nothing between calls; safe for any thread. */
interface Place {
  /**
   * The text of the value.
   *
   * @throws NoValueException when the frame has none there
   */
  String text(Frame frame) throws NoValueException;

  /** Why a frame gives no value; the message is for people. */
  final class NoValueException extends Exception {
    private static final long serialVersionUID = 1L;

    NoValueException(String message) {
      // It is the answer to a bad frame, of which there may be thousands: no stack trace.
      super(message, null, false, false);
    }
  }
}
