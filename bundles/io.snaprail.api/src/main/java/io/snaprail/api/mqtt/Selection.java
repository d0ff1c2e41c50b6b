package io.snaprail.api.mqtt;

import java.time.Duration;

/**
 * Which samples of a device are sent.
 *
 * @param changes whether what has changed since it was last sent goes at once
 * @param deadband a number has changed when it differs by more than this, 0 or more; everything
 *     else when it is another value or quality
 * @param period all values are sent once in each such time; zero for never with {@code changes},
 *     and without it for each time that they are read
 */
public record Selection(boolean changes, double deadband, Duration period) {
  /** Every value of every cycle. */
  public static final String EVERY = "every";

  /** What has changed, and all values from time to time. */
  public static final String CHANGES = "changes";

  /** All values once in each period, even if they are read more often. */
  public static final String PERIOD = "period";

  /** What has changed, and all values once in each period. */
  public static final String BOTH = "both";

  /** Every sample of every cycle. */
  public static final Selection EVERYTHING = new Selection(false, 0, Duration.ZERO);

  /** Checks the ranges; each message names the key, what is expected and what was found. */
  public Selection {
    require(deadband >= 0 && !Double.isInfinite(deadband), "send.deadband", "0 or more", deadband);
    require(!period.isNegative(), "send.refresh.s", "0 or more", period.toSeconds());
  }

  /**
   * From the settings {@code send}, {@code send.deadband}, {@code send.refresh.s} and {@code
   * send.period.s}.
   *
   * @param send {@code every}, {@code changes}, {@code period} or {@code both}
   * @param refreshSeconds the period of {@code changes}, 0 for none
   * @param periodSeconds the period of {@code period} and {@code both}, 1..86,400
   */
  public static Selection of(String send, double deadband, int refreshSeconds, int periodSeconds) {
    require(
        periodSeconds >= 1 && periodSeconds <= 86_400, "send.period.s", "1..86400", periodSeconds);
    Duration refresh = Duration.ofSeconds(refreshSeconds);
    Duration period = Duration.ofSeconds(periodSeconds);
    return switch (send) {
      case EVERY -> new Selection(false, deadband, Duration.ZERO);
      case CHANGES -> new Selection(true, deadband, refresh);
      case PERIOD -> new Selection(false, deadband, period);
      case BOTH -> new Selection(true, deadband, period);
      default ->
          throw new IllegalArgumentException(
              "send: expected every, changes, period or both, found '" + send + "'");
    };
  }

  /** Whether nothing is left out. */
  public boolean everything() {
    return !changes && period.isZero();
  }

  private static void require(boolean valid, String key, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
