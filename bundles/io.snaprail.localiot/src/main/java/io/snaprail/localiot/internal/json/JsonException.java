package io.snaprail.localiot.internal.json;

import org.jspecify.annotations.Nullable;

/** A text is not the JSON that was expected; the message says where and why. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The message is shown to people as it is. */
  public JsonException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The message is shown to people as it is. */
  public JsonException(String message) {
    this(message, null);
  }
}
