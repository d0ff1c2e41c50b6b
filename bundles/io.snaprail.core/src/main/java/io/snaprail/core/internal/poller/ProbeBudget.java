package io.snaprail.core.internal.poller;

import java.util.concurrent.TimeUnit;

/**
 * How much of a bus may be spent in vain while others on it are there: after each attempt that a
 * device did not answer, all of its kind wait for so long that together they use no more than their
 * share. Guarded by the lock of its lane.
 */
final class ProbeBudget {
  /** Devices that are known to be away use one part in twenty: 5 %. */
  private static final int PROBE_SHARE = 20;

  /**
   * The first attempts at devices that nobody has seen yet use half, as most of them are there; and
   * so do those at devices that did not answer last time.
   */
  private static final int FIRST_SHARE = 2;

  /** A driver that holds on far beyond its deadline is not to stop all probes for hours. */
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  private long probesFromNanos;
  private long firstsFromNanos;

  ProbeBudget(long now) {
    probesFromNanos = now;
    firstsFromNanos = now;
  }

  /** A device did not answer. */
  void spent(long from, long to) {
    long took = Math.max(0, to - from);
    probesFromNanos = later(probesFromNanos, to, took * (PROBE_SHARE - 1));
    firstsFromNanos = later(firstsFromNanos, to, took * (FIRST_SHARE - 1));
  }

  /** A failure that took no time does not end the wait after one that did. */
  private static long later(long present, long to, long wait) {
    long wanted = to + Math.min(LONGEST_NANOS, wait);
    return wanted - present > 0 ? wanted : present;
  }

  /** Nanoseconds until a probe may begin; zero or less when it may now. */
  long untilProbe(long now) {
    return probesFromNanos - now;
  }

  /** Nanoseconds until a first attempt may begin; zero or less when it may now. */
  long untilFirst(long now) {
    return firstsFromNanos - now;
  }
}
