package io.snaprail.awsiot.internal.command;

/** A request of the back channel is refused or has failed; the message is for people. */
final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  OperationException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** For programs, such as {@code NOT_ALLOWED}. */
  String code() {
    return code;
  }
}
