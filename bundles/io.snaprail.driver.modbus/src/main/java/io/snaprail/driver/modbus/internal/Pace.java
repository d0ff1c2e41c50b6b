package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a pause between an answer of a device and the next request to it. Used by one thread at a
 * time; {@link #close()} by any.
 */
final class Pace {
  private final long pauseNanos;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long freeAt = System.nanoTime();

  Pace(Duration pause) {
    this.pauseNanos = pause.toNanos();
  }

  /** Whether there is any pause to keep, so that only one request may be under way. */
  boolean slow() {
    return pauseNanos > 0;
  }

  /** Nanoseconds until the next request may be sent; 0 when it may be now, or never again. */
  long waitNanos() {
    // Once closed there is nothing to wait for: the transport says so.
    return slow() && closed.getCount() > 0 ? Math.max(0, freeAt - System.nanoTime()) : 0;
  }

  /** A request has ended. */
  void used() {
    if (slow()) {
      freeAt = System.nanoTime() + pauseNanos;
    }
  }

  /** Waits until the next request may be sent; false when that is not before the deadline. */
  boolean await(Deadline deadline) {
    long wait = waitNanos();
    if (wait <= 0) {
      return true;
    }
    if (wait >= deadline.remainingNanos()) {
      return false;
    }
    try {
      return closed.await(wait, TimeUnit.NANOSECONDS) || await(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends a wait. */
  void close() {
    closed.countDown();
  }
}
