package io.snaprail.driver.modbus.internal.serial;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for a point in time to some microseconds. A parked thread comes back up to some 200 us too
 * late, which at 115,200 baud is 3 % of a poll: the last {@value #SPIN_NANOS} ns are spent looking
 * at the clock. That is the budget of one request; at 157 polls a second it is 4 % of a core, at
 * 9,600 baud half a percent.
 */
final class Pacing {
  static final long SPIN_NANOS = 250_000;

  private Pacing() {}

  /** Waits until {@link System#nanoTime()} has reached a value. */
  static void until(long nanoTime) throws InterruptedIOException {
    long left = nanoTime - System.nanoTime();
    while (left > 0) {
      if (left > SPIN_NANOS) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("the thread that used the line was interrupted");
        }
        LockSupport.parkNanos(left - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
      left = nanoTime - System.nanoTime();
    }
  }
}
