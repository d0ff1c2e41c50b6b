package io.snaprail.api.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** The answer to a call. */
public sealed interface ConsoleAnswer {
  /**
   * An answer that is there.
   *
   * @param status HTTP status, 200..299; what is not served is a {@link ConsoleException}
   * @param type media type with its charset
   * @param body at most {@link ConsoleExtension#MAX_ANSWER_BYTES}; owned by the answer
   * @param file name under which browsers save it; empty when they show it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed to a response, never compared
  record Ready(int status, String type, byte[] body, String file) implements ConsoleAnswer {
    /** Checks the range. */
    public Ready {
      if (status < 200 || status > 299) {
        throw new IllegalArgumentException("status: expected 200..299, found " + status);
      }
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(body, "body");
      Objects.requireNonNull(file, "file");
    }
  }

  /**
   * An answer that comes later, such as when there is news.
   *
   * @param stage completes with it, or fails with a {@link ConsoleException}; cancelled when nobody
   *     waits for it any more
   * @param patience how long it is waited for, 1 s to 60 s; then the caller gets 504
   */
  record Later(CompletionStage<ConsoleAnswer> stage, Duration patience) implements ConsoleAnswer {
    /** Checks the range. */
    public Later {
      Objects.requireNonNull(stage, "stage");
      if (patience.compareTo(Duration.ofSeconds(1)) < 0
          || patience.compareTo(Duration.ofSeconds(60)) > 0) {
        throw new IllegalArgumentException("patience: expected 1 s to 60 s, found " + patience);
      }
    }
  }

  /** 200 with JSON. */
  static ConsoleAnswer json(String json) {
    return json(200, json);
  }

  /** JSON. */
  static ConsoleAnswer json(int status, String json) {
    return new Ready(status, "application/json", json.getBytes(StandardCharsets.UTF_8), "");
  }

  /** 204: done, and nothing to say. */
  static ConsoleAnswer done() {
    return new Ready(204, "", new byte[0], "");
  }

  /**
   * A text that browsers save as a file.
   *
   * @param file its name, of {@code [A-Za-z0-9._-]}; anything else becomes an underscore
   * @param type media type with its charset
   */
  static ConsoleAnswer file(String file, String type, String text) {
    return new Ready(200, type, text.getBytes(StandardCharsets.UTF_8), file);
  }

  /** An answer that comes later. */
  static ConsoleAnswer later(CompletionStage<ConsoleAnswer> stage, Duration patience) {
    return new Later(stage, patience);
  }
}
