package io.snaprail.driver.mbus.internal.link;

/** Bytes that are no frame, or a telegram that is none; the message says what was expected. */
public final class BrokenFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what was expected and found. */
  public BrokenFrameException(String message) {
    super(message);
  }
}
