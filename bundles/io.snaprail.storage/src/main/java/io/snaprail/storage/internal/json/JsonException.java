package io.snaprail.storage.internal.json;

import io.snaprail.storage.internal.json.Json.Position;

/** A text that is not JSON: where, what was expected and what was found. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Position at;

  JsonException(Position at, String message) {
    super(message);
    this.at = at;
  }

  /** Where the fault is. */
  public Position at() {
    return at;
  }
}
