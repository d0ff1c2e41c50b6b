package io.snaprail.localiot.internal.service;

import org.jspecify.annotations.Nullable;

/** A service does not do what it was asked; the message is shown to people as it is. */
public class ServiceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /**
   * Says why.
   *
   * @param status as in HTTP, 400..599
   * @param code AWS's name for it, such as {@code ResourceNotFoundException}
   */
  public ServiceException(int status, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
  }

  /** Says why. */
  public ServiceException(int status, String code, String message) {
    this(status, code, message, null);
  }

  /** As in HTTP, 400..599. */
  public final int status() {
    return status;
  }

  /** AWS's name for it. */
  public final String errorCode() {
    return code;
  }

  /** The message; there always is one. */
  public final String words() {
    return String.valueOf(getMessage());
  }
}
