package io.snaprail.driver.iec62056.internal;

/** Bytes that are no readout; the message says what was expected. */
public final class BadReadoutException extends Exception {
  private static final long serialVersionUID = 1L;

  BadReadoutException(String message) {
    super(message);
  }
}
