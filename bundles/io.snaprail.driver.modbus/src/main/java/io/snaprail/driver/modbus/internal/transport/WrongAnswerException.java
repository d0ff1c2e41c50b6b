package io.snaprail.driver.modbus.internal.transport;

import java.io.IOException;

/** What came is not an answer to what was asked. The message says what was expected and found. */
public class WrongAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What was expected and what was found. */
  public WrongAnswerException(String message) {
    super(message);
  }

  /** Refuses an answer unless something holds of it. */
  public static void unless(boolean right, String otherwise) throws WrongAnswerException {
    if (!right) {
      throw new WrongAnswerException(otherwise);
    }
  }
}
