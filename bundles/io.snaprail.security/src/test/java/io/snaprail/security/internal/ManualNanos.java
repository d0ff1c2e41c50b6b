package io.snaprail.security.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Monotonic time that a test moves. */
final class ManualNanos implements LongSupplier {
  // Starts below zero: System.nanoTime() may, and nothing may depend on its sign.
  private final AtomicLong now = new AtomicLong(-5_000_000_000L);

  void advance(Duration duration) {
    now.addAndGet(duration.toNanos());
  }

  @Override
  public long getAsLong() {
    return now.get();
  }
}
