package io.snaprail.localiot.internal.policy;

import org.jspecify.annotations.Nullable;

/** A policy document cannot be taken; the message says where, what was expected and found. */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The message is shown to people as it is. */
  public PolicyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The message is shown to people as it is. */
  public PolicyException(String message) {
    this(message, null);
  }
}
