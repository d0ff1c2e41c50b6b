package io.snaprail.driver.modbus.internal.transport;

/** A frame was damaged on its way. */
public final class ChecksumException extends WrongAnswerException {
  private static final long serialVersionUID = 1L;

  /** What was expected and what was found. */
  public ChecksumException(String message) {
    super(message);
  }
}
