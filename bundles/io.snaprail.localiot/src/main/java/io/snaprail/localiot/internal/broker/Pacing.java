package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import java.util.concurrent.TimeUnit;

/**
 * The rates of one connection: what is too much is discarded or waits (AWS IoT Core message broker
 * quotas, "Publish requests per second per connection" and "Throughput per second per connection").
 * Where the rules are lenient nothing is. Used by the connection's thread only.
 */
final class Pacing {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final boolean strict;
  private double publishes = Quotas.PUBLISHES_PER_SECOND;
  private double bytes = Quotas.BYTES_PER_SECOND;
  private long counted;
  private boolean begun;
  private int replayed;
  private long nextReplay;

  Pacing(boolean strict) {
    this.strict = strict;
  }

  /** The keep-alive that counts for the one that a client asks for, in seconds. */
  int keepAliveSeconds(int asked) {
    if (asked == 0 || asked > Quotas.KEEP_ALIVE_MAX_S) {
      return Quotas.KEEP_ALIVE_MAX_S;
    }
    return strict ? Math.max(Quotas.KEEP_ALIVE_MIN_S, asked) : asked;
  }

  private void refill(long now) {
    if (begun) {
      double seconds = (now - counted) / NANOS;
      publishes =
          Math.min(Quotas.PUBLISHES_PER_SECOND, publishes + seconds * Quotas.PUBLISHES_PER_SECOND);
      bytes = Math.min(Quotas.BYTES_PER_SECOND, bytes + seconds * Quotas.BYTES_PER_SECOND);
    }
    begun = true;
    counted = now;
  }

  /** Whether one more publish is taken; otherwise it is discarded. */
  boolean publish(long now) {
    if (!strict) {
      return true;
    }
    refill(now);
    if (publishes < 1) {
      return false;
    }
    publishes--;
    return true;
  }

  /** Bytes have gone in or out. */
  void passed(int count) {
    bytes -= count;
  }

  /** How long everything has to wait because of the bytes that have passed, in ns. */
  long delay(long now) {
    if (!strict) {
      return 0;
    }
    refill(now);
    return bytes >= 0 ? 0 : (long) (-bytes / Quotas.BYTES_PER_SECOND * NANOS) + 1;
  }

  /** Messages wait from a time without a connection: they go out slowly. */
  void replay(int messages) {
    replayed = strict ? messages : 0;
  }

  /** How long the next message has to wait, in ns. */
  long replayDelay(long now) {
    return replayed > 0 && nextReplay != 0 ? Math.max(0, nextReplay - now) : 0;
  }

  /** One that waited is not to go out. */
  void skipped() {
    if (replayed > 0) {
      replayed--;
    }
  }

  /** A message has gone out. */
  void sent(long now) {
    if (replayed > 0) {
      replayed--;
      nextReplay = now + TimeUnit.SECONDS.toNanos(1) / Quotas.REPLAYED_PER_SECOND;
    }
  }
}
