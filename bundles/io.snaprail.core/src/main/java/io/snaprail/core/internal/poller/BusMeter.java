package io.snaprail.core.internal.poller;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How a bus was used in the last minute, and what was counted since it was first. Takes note
 * without allocating. Guarded by the lock of its lane.
 */
final class BusMeter {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int SECONDS = 60;

  private final long bornNanos;
  private final int[] usedMicros = new int[SECONDS];
  private final int[] probedMicros = new int[SECONDS];
  private final Latenesses latenesses = new Latenesses();
  private long second;
  private long cycles;
  private long writes;
  private long missedPeriods;
  private long deadlineMisses;

  BusMeter(long nowNanos) {
    this.bornNanos = nowNanos;
  }

  /** A task of a tool. */
  void used(long from, long to) {
    spread(usedMicros, from, to);
  }

  /** A write. */
  void wrote(long from, long to) {
    writes++;
    used(from, to);
  }

  /**
   * A cycle that used the bus.
   *
   * @param away whether its device did not answer
   */
  void read(long from, long to, boolean away) {
    cycles++;
    used(from, to);
    if (away) {
      spread(probedMicros, from, to);
    }
  }

  /** How late a cycle of a device that is there began, and whether it ended after its period. */
  void punctuality(long lateNanos, boolean deadlineMissed, long nowNanos) {
    latenesses.add(lateNanos, (nowNanos - bornNanos) / SECOND);
    if (deadlineMissed) {
      deadlineMisses++;
    }
  }

  /** Periods that were merged. */
  void missed(long periods) {
    missedPeriods += periods;
  }

  long cycles() {
    return cycles;
  }

  long writes() {
    return writes;
  }

  long missedPeriods() {
    return missedPeriods;
  }

  long deadlineMisses() {
    return deadlineMisses;
  }

  /**
   * Share of the last minute in which the bus was used, 0..1.
   *
   * @param runningNanos for how long it is used by what has not ended yet
   */
  double use(long now, long runningNanos) {
    return share(usedMicros, now, runningNanos);
  }

  /** Share of the last minute in which the bus was used in vain for devices that are away. */
  double probes(long now) {
    return share(probedMicros, now, 0);
  }

  /** How late 99 of 100 cycles of the last minute began at most, in ms; NaN without any. */
  double lateP99Ms(long now) {
    return latenesses.quantileMs(0.99, (now - bornNanos) / SECOND);
  }

  private void spread(int[] micros, long from, long to) {
    moveTo(to);
    long begin = Math.max(from - bornNanos, to - bornNanos - (SECONDS - 1) * SECOND);
    long end = to - bornNanos;
    while (begin < end) {
      long until = Math.min(end, (begin / SECOND + 1) * SECOND);
      micros[(int) (begin / SECOND % SECONDS)] += (int) ((until - begin) / 1_000);
      begin = until;
    }
  }

  /** Empties the seconds that have passed since the last note. */
  private void moveTo(long now) {
    long to = (now - bornNanos) / SECOND;
    if (to - second >= SECONDS) {
      Arrays.fill(usedMicros, 0);
      Arrays.fill(probedMicros, 0);
    } else {
      for (long empty = second + 1; empty <= to; empty++) {
        usedMicros[(int) (empty % SECONDS)] = 0;
        probedMicros[(int) (empty % SECONDS)] = 0;
      }
    }
    second = Math.max(second, to);
  }

  private double share(int[] micros, long now, long runningNanos) {
    moveTo(now);
    long age = now - bornNanos;
    long span = Math.min(age, (SECONDS - 1) * SECOND + age % SECOND);
    long sum = 0;
    for (int part : micros) {
      sum += part;
    }
    return span <= 0 ? 0 : Math.min(1, (sum * 1_000.0 + runningNanos) / span);
  }
}
