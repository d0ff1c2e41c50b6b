package io.snaprail.driver.sml.internal;

/** Bytes that are no SML file; the message says what was expected. */
public final class BadFileException extends Exception {
  private static final long serialVersionUID = 1L;

  BadFileException(String message) {
    super(message);
  }
}
