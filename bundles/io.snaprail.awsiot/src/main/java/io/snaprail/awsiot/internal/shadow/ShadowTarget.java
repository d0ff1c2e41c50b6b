package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a shadow stands for: points of devices, or the gateway itself. Called by one thread. */
public interface ShadowTarget {
  /**
   * What became of a desired value.
   *
   * @param code {@code DONE}, or a word for why not, for programs
   * @param message for people; empty when done
   * @param value what is there now, where it is known; null where it is not
   */
  record Outcome(String code, String message, @Nullable JsonElement value) {
    /** Code of success. */
    public static final String DONE = "DONE";

    /** Whether it was done. */
    public boolean done() {
      return code.equals(DONE);
    }
  }

  /**
   * Whether a desired value may be tried.
   *
   * @return null when it may; else why not
   */
  @Nullable Outcome refusal(ShadowPath path, JsonElement value);

  /**
   * Carries a desired value out. Does not block.
   *
   * @param id the same for the same wish
   * @return completes normally, soon after {@code expiresAt} at the latest
   */
  CompletionStage<Outcome> write(String id, ShadowPath path, JsonElement value, Instant expiresAt);

  /** Smallest change of a number that is told; 0 for each. */
  double deadband(ShadowPath path);
}
