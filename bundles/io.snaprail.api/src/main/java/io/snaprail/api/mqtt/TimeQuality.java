package io.snaprail.api.mqtt;

import java.time.Instant;

/** How far the time stamps of samples can be trusted. */
public enum TimeQuality {
  /** By a clock that was set. */
  GOOD,
  /** Taken while the clock was not set, and corrected when it had been: right to some ms. */
  BACKFILLED,
  /**
   * Taken while the clock was not set, and it was not until the gateway was started anew, or is not
   * yet: differences between time stamps of one boot are right, the time itself is not.
   */
  UNKNOWN;

  /** A clock that shows less is not set: it is before this software was built. */
  public static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
}
