package io.snaprail.driver.modbus.internal.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection failed, and the message tells people why and what to do, as it is. */
public class ExplainedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why, and what to do. */
  public ExplainedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
