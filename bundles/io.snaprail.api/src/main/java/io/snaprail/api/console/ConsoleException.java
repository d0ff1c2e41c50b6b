package io.snaprail.api.console;

import org.jspecify.annotations.Nullable;

/** A call is not served. Code and message go to whoever sent it. */
public final class ConsoleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /**
   * With the cause for the log.
   *
   * @param status HTTP status, 400..599
   * @param code short and stable, for scripts, such as {@code no_thing}
   * @param message what is wrong and what to do, for people
   */
  public ConsoleException(int status, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status: expected 400..599, found " + status);
    }
    this.status = status;
    this.code = code;
  }

  /** A call is not served. */
  public ConsoleException(int status, String code, String message) {
    this(status, code, message, null);
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Short and stable, for scripts. */
  public String code() {
    return code;
  }
}
