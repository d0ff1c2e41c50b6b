package io.snaprail.api.driver;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point in monotonic time by which a call must have ended. Wall-clock steps do not move it. */
public final class Deadline {
  private final long nanos;

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  /** A deadline that is the given time away; zero or less is already over. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** A deadline at a reading of {@link System#nanoTime()}. */
  public static Deadline atNanoTime(long nanoTime) {
    return new Deadline(nanoTime);
  }

  /** Time left in nanoseconds; zero or negative when it is over. */
  public long remainingNanos() {
    return nanos - System.nanoTime();
  }

  /**
   * Time left in milliseconds, rounded up, so that a wait of this length does not end early; 0 when
   * the deadline is over. Callers that pass it to an API where 0 means "for ever" check {@link
   * #expired()} first.
   */
  public int remainingMillis() {
    long left = remainingNanos();
    return left <= 0
        ? 0
        : (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left + 999_999));
  }

  /** Whether the deadline is over. */
  public boolean expired() {
    return remainingNanos() <= 0;
  }

  /** The earlier of this deadline and one that is the given time away. */
  public Deadline orIn(Duration time) {
    Deadline other = in(time);
    return other.nanos - nanos < 0 ? other : this;
  }
}
