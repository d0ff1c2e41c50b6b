package io.snaprail.mqtt.internal.telemetry;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps to so much a second, with up to a second's worth at once. What is larger than that is sent
 * when there is anything left, and paid for afterwards. Not for several threads.
 */
final class Rate {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long perSecond;
  private final LongSupplier nanoTime;
  private double left;
  private long at;

  /** No limit when it is 0. */
  Rate(long perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.left = (double) perSecond;
    this.at = nanoTime.getAsLong();
  }

  /** How long to wait until something may be sent; 0 for not at all. */
  long waitNanos() {
    if (perSecond == 0) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    left = Math.min((double) perSecond, left + (double) perSecond * (double) (now - at) / SECOND);
    at = now;
    // The counted thing is whole: one message, one byte.
    return left >= 1 ? 0 : (long) Math.ceil((1 - left) * SECOND / (double) perSecond);
  }

  void sent(long amount) {
    if (perSecond > 0) {
      left -= (double) amount;
    }
  }
}
