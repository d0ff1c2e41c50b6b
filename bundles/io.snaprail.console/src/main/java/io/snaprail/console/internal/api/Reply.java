package io.snaprail.console.internal.api;

import com.google.gson.JsonElement;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Answer of a route. */
public sealed interface Reply {
  /**
   * JSON.
   *
   * @param status HTTP status
   */
  record Json(int status, JsonElement body) implements Reply {}

  /**
   * Text of a media type.
   *
   * @param type media type with its charset
   */
  record Text(String type, String body) implements Reply {}

  /** Nothing: 204. */
  record Empty() implements Reply {}

  /**
   * An answer that comes later.
   *
   * @param stage completes with it, normally
   * @param patience how long to wait for it
   */
  record Later(CompletionStage<Reply> stage, Duration patience) implements Reply {}

  /** An answer that is written by someone else from now on. */
  @FunctionalInterface
  non-sealed interface Takeover extends Reply {
    /** Takes over. */
    void take(HttpServletRequest request, HttpServletResponse response) throws IOException;
  }

  /** 200 with JSON. */
  static Reply ok(JsonElement body) {
    return new Json(200, body);
  }
}
