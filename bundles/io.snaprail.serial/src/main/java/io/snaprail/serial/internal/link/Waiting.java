package io.snaprail.serial.internal.link;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/** The waits of this bundle: each has an end, and an interrupt ends it at once. */
public final class Waiting {
  private Waiting() {}

  /** Waits the given time, or until the deadline where that is earlier. */
  public static void pause(String port, long nanos, Deadline deadline) throws SerialException {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(port);
    }
    long wait = Math.min(nanos, deadline.remainingNanos());
    if (wait > 0) {
      LockSupport.parkNanos(wait);
    }
  }

  /** Takes a lock, or fails at the deadline. */
  public static void lock(String port, Lock lock, Deadline deadline, String what)
      throws SerialException {
    try {
      if (!lock.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
        throw new SerialException(
            Kind.TIMEOUT,
            port + ": another thread was still at it when the time to " + what + " ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(port);
    }
  }

  /** The thread was interrupted. */
  public static SerialException interrupted(String port) {
    return new SerialException(
        Kind.CLOSED, port + ": the thread that used the port was interrupted");
  }

  /** The connection was closed by its owner. */
  public static SerialException closed(String port) {
    return new SerialException(Kind.CLOSED, port + ": the connection has been closed");
  }
}
