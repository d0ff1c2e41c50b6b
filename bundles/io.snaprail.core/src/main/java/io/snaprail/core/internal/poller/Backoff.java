package io.snaprail.core.internal.poller;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Pauses between attempts at a device that is away: doubling from a shortest to a longest, each
 * with jitter of half its length, so that devices that went away together do not come back
 * together.
 */
final class Backoff {
  private final long minNanos;
  private final long maxNanos;
  private final DoubleSupplier random;
  private long nextNanos;

  /**
   * A fresh back-off.
   *
   * @param random numbers in 0..1
   */
  Backoff(Duration min, Duration max, DoubleSupplier random) {
    this.minNanos = min.toNanos();
    this.maxNanos = Math.max(minNanos, max.toNanos());
    this.random = random;
    this.nextNanos = minNanos;
  }

  /** The next pause: half to the whole of a length that doubles each time. */
  long nextNanos() {
    long length = nextNanos;
    nextNanos = Math.min(maxNanos, nextNanos * 2);
    return length / 2 + (long) (length / 2.0 * random.getAsDouble());
  }

  /** The device answered: begin from the shortest again. */
  void reset() {
    nextNanos = minNanos;
  }
}
