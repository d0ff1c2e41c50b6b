package io.snaprail.driver.modbus.internal.transport;

import org.jspecify.annotations.Nullable;

/**
 * The two sides of a connection do not trust each other, or there is nothing to prove who we are.
 * The message says who refused whom, why, and what to do. Nothing of a request has been carried
 * out.
 */
public final class SecurityFailureException extends ExplainedException {
  private static final long serialVersionUID = 1L;

  /** Who refused whom, why, and what to do. */
  public SecurityFailureException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
