package io.snaprail.console.internal.api;

import com.google.gson.JsonElement;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Answer of a route. */
public sealed interface Reply {
  /**
   * JSON.
   *
   * @param status HTTP status
   * @param headers further headers
   */
  record Json(int status, JsonElement body, Map<String, String> headers) implements Reply {
    /** JSON without further headers. */
    public Json(int status, JsonElement body) {
      this(status, body, Map.of());
    }
  }

  /**
   * Text of a media type.
   *
   * @param type media type with its charset
   * @param headers further headers
   */
  record Text(String type, String body, Map<String, String> headers) implements Reply {
    /** Text without further headers. */
    public Text(String type, String body) {
      this(type, body, Map.of());
    }
  }

  /** Nothing: 204. */
  record Empty() implements Reply {}

  /**
   * Bytes of a media type.
   *
   * @param status HTTP status
   * @param type media type with its charset
   * @param headers further headers
   */
  @SuppressWarnings("ArrayRecordComponent") // handed to a response, never compared
  record Bytes(int status, String type, byte[] body, Map<String, String> headers)
      implements Reply {}

  /**
   * An answer that comes later.
   *
   * @param stage completes with it, normally
   * @param patience how long to wait for it
   * @param noOutcome told to whoever waited for so long
   * @param ended called when nobody waits any more, with or without an answer
   */
  record Later(CompletionStage<Reply> stage, Duration patience, String noOutcome, Runnable ended)
      implements Reply {
    /** The outcome of a command. */
    public Later(CompletionStage<Reply> stage, Duration patience) {
      this(
          stage,
          patience,
          "No outcome came in time: the command may or may not have been carried out.",
          () -> {});
    }
  }

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
