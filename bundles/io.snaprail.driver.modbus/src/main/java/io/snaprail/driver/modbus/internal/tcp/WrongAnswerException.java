package io.snaprail.driver.modbus.internal.tcp;

import java.io.IOException;

/** What came is not an answer to what was asked. The message says what was expected and found. */
final class WrongAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  WrongAnswerException(String message) {
    super(message);
  }
}
