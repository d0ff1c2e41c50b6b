package io.snaprail.security.internal;

import java.io.IOException;

/** A file of the gateway is open to others, missing or damaged; the message says what to do. */
public final class UnsafeFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The message is shown to people as it is and holds no secret. */
  public UnsafeFileException(String message) {
    super(message);
  }
}
