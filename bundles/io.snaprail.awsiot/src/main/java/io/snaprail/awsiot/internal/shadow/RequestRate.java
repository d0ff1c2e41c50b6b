package io.snaprail.awsiot.internal.shadow;

import java.util.function.LongSupplier;

/**
 * How fast requests may follow each other. AWS IoT Core quota: 20 a second and thing; we stay
 * below, as others may ask for the same thing. Used by one thread.
 */
final class RequestRate {
  private static final int BURST = 10;
  private static final long NANOS_EACH = 1_000_000_000L / 15;

  private final LongSupplier nanoTime;
  private long earnedAt;
  private int left = BURST;

  RequestRate(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.earnedAt = nanoTime.getAsLong();
  }

  /** Whether a request may go now. */
  boolean take() {
    long earned = (nanoTime.getAsLong() - earnedAt) / NANOS_EACH;
    if (earned > 0) {
      left = (int) Math.min(BURST, left + earned);
      earnedAt += earned * NANOS_EACH;
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
