package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;

/** An answer began and did not go on. */
final class BrokenOffException extends WrongAnswerException {
  private static final long serialVersionUID = 1L;

  BrokenOffException(int bytes) {
    super("an answer that broke off after " + bytes + " bytes");
  }
}
