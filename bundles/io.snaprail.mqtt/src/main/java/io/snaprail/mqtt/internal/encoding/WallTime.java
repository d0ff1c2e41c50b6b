package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.mqtt.TimeQuality;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock beside the monotonic time: knows whether it is set, and sees when it is. Safe for any
 * thread.
 */
public final class WallTime {
  /** A step of the clock that is worth telling: what keeps it in time moves it by less. */
  static final Duration STEP = Duration.ofSeconds(2);

  private static final Duration TELL = Duration.ofHours(1);
  private static final String UNSET =
      "the gateway's clock is not set: it shows a time before "
          + TimeQuality.EARLIEST
          + ". Samples get their times when it is set (NTP, or by hand); those that are sent before"
          + " have tsQuality UNKNOWN";

  private final Clock clock;
  private final LongSupplier nanoTime;
  private final ClockSteps steps;
  private long offset;
  private @Nullable Long unsetOffset;
  private String trouble = "";
  private long steppedAt;

  /**
   * Reads both times.
   *
   * @param nanoTime since the gateway was started
   * @param steps told of steps
   */
  public WallTime(Clock clock, LongSupplier nanoTime, ClockSteps steps) {
    this.steps = steps;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.offset = now();
    if (!set(clock.instant())) {
      unsetOffset = offset;
    }
  }

  /** Whether a time is one of a clock that is set. */
  static boolean set(Instant time) {
    return !time.isBefore(TimeQuality.EARLIEST);
  }

  /** Whether the clock is set. */
  public boolean set() {
    return set(clock.instant());
  }

  /** What the clock shows more than the monotonic time, in ns. */
  long now() {
    Instant now = clock.instant();
    return nanos(now) - nanoTime.getAsLong();
  }

  /** The same when the clock was last seen that had not been set; now, if it never was. */
  synchronized long unset() {
    Long seen = unsetOffset;
    return seen == null ? offset : seen;
  }

  /** Looks at the clock; in plain words what is wrong with it, or was until an hour ago. */
  synchronized String look() {
    long mono = nanoTime.getAsLong();
    long now = now();
    Duration moved = Duration.ofNanos(now - offset);
    offset = now;
    if (!set()) {
      unsetOffset = now;
      trouble = UNSET;
    } else if (moved.abs().compareTo(STEP) > 0 && !trouble.equals(UNSET)) {
      steps.stepped(moved);
      trouble = stepped(moved);
      steppedAt = mono;
    } else if (trouble.equals(UNSET) || mono - steppedAt > TELL.toNanos()) {
      trouble = "";
    }
    return trouble;
  }

  private static String stepped(Duration by) {
    return "the gateway's clock was moved by "
        + by.toMillis()
        + " ms while it was running: the times of samples from before are off by as much; those"
        + " that still wait say so (clockMoved). Check NTP and the battery of the clock";
  }

  static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
