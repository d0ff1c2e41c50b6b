package io.snaprail.api.mqtt;

import java.time.Duration;

/**
 * Which samples of a device are sent.
 *
 * @param changesOnly whether only what has changed since it was last sent
 * @param deadband a number has changed when it differs by more than this, 0 or more; everything
 *     else when it is another value or quality
 * @param refresh all values are sent again when this has passed since they last were; zero for
 *     never
 */
public record Selection(boolean changesOnly, double deadband, Duration refresh) {
  /** Every value of every cycle. */
  public static final String EVERY = "every";

  /** Only what has changed. */
  public static final String CHANGES = "changes";

  /** Every sample of every cycle. */
  public static final Selection EVERYTHING = new Selection(false, 0, Duration.ZERO);

  /** Checks the ranges; each message names the key, what is expected and what was found. */
  public Selection {
    if (!(deadband >= 0) || Double.isInfinite(deadband)) {
      throw new IllegalArgumentException(
          "send.deadband: expected 0 or more, found '" + deadband + "'");
    }
    if (refresh.isNegative()) {
      throw new IllegalArgumentException(
          "send.refresh.s: expected 0 or more, found '" + refresh.toSeconds() + "'");
    }
  }

  /**
   * From the settings {@code send}, {@code send.deadband} and {@code send.refresh.s}.
   *
   * @param send {@code every} or {@code changes}
   */
  public static Selection of(String send, double deadband, int refreshSeconds) {
    if (!send.equals(EVERY) && !send.equals(CHANGES)) {
      throw new IllegalArgumentException("send: expected every or changes, found '" + send + "'");
    }
    return new Selection(send.equals(CHANGES), deadband, Duration.ofSeconds(refreshSeconds));
  }
}
