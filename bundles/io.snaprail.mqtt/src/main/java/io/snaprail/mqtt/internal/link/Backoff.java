package io.snaprail.mqtt.internal.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: exponential with full jitter, so that gateways that lost the same broker
 * do not come back in step. The first retry is quick, since most losses are short; then 1 s up to a
 * bound that doubles to 120 s. Before that, while nothing listens at all, a few tries in quick
 * succession, and some more for as long as a broker takes to be restarted: they cost nobody
 * anything, a broker that starts beside us is found at once, and one that was away for a quarter of
 * a minute within 3 s. Not for several threads.
 */
public final class Backoff {
  private static final long FIRST_MIN_MS = 100;
  private static final long MIN_MS = 1_000;
  private static final long MAX_MS = 120_000;
  // What only people can mend is not worth trying every second; a broker counts it as an attack.
  private static final long SLOW_MIN_MS = 10_000;

  private static final int KNOCKS = 8;
  private static final long KNOCK_MIN_MS = 200;
  private static final long KNOCK_MAX_MS = 600;
  private static final int LATER_KNOCKS = 10;
  private static final long LATER_KNOCK_MIN_MS = 500;
  private static final long LATER_KNOCK_MAX_MS = 3_000;

  private final RandomGenerator random;
  private int attempt;
  private int knocks;

  /** Uses the given source of jitter. */
  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next pause after a fault of this kind: 10 s at least when only people can mend it. */
  public Duration next(Fault.Kind kind) {
    if (kind == Fault.Kind.REFUSED && knocks < KNOCKS + LATER_KNOCKS) {
      knocks++;
      return knocks <= KNOCKS
          ? between(KNOCK_MIN_MS, KNOCK_MAX_MS)
          : between(LATER_KNOCK_MIN_MS, LATER_KNOCK_MAX_MS);
    }
    int step = attempt++;
    if (kind.needsPeople()) {
      return between(SLOW_MIN_MS, bound(SLOW_MIN_MS * 2, step));
    }
    return step == 0 ? between(FIRST_MIN_MS, MIN_MS) : between(MIN_MS, bound(MIN_MS, step));
  }

  /** Starts again from the quick first retry: after a connection that was worth it. */
  public void reset() {
    attempt = 0;
    knocks = 0;
  }

  /** A pause when something is being found out: AWS IoT Core takes one CONNECT/s of a client. */
  public Duration soon() {
    return between(MIN_MS, 2 * MIN_MS);
  }

  private static long bound(long start, int step) {
    return step >= 16 ? MAX_MS : Math.min(MAX_MS, start << step);
  }

  private Duration between(long minMs, long maxMs) {
    return Duration.ofMillis(random.nextLong(minMs, maxMs + 1));
  }
}
