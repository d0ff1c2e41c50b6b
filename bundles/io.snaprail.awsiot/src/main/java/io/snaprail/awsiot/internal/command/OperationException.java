package io.snaprail.awsiot.internal.command;

/** A request of the back channel is refused or has failed; the message is for people. */
final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final int exceptionCode;

  OperationException(String code, String message) {
    this(code, message, 0);
  }

  /** With the exception code of a Modbus device. */
  OperationException(String code, String message, int exceptionCode) {
    super(message);
    this.code = code;
    this.exceptionCode = exceptionCode;
  }

  /** For programs, such as {@code NOT_ALLOWED}. */
  String code() {
    return code;
  }

  /** What a Modbus device has answered; 0 for none. */
  int exceptionCode() {
    return exceptionCode;
  }
}
