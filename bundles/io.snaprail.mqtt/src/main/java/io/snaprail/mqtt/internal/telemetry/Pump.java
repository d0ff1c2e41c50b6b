package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.mqtt.Delivery;
import io.snaprail.api.uplink.Spool;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves entries from the spool to the broker, each lane in order, QoS 1, up to 80 in flight. An
 * entry leaves the spool when the broker has acknowledged it and at no other moment; after a
 * reconnect everything that is not acknowledged is sent again. Everything here is done by the
 * supervisor's thread, which is therefore the only one that reads and acknowledges the spool; the
 * client's thread only puts ids into a queue.
 */
public final class Pump {
  /** With the session's 20, the 100 that AWS IoT Core allows to be unacknowledged. */
  static final int WINDOW = 80;

  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
  private static final List<Spool.Lane> BACKLOG_FIRST =
      List.of(Spool.Lane.ALARM, Spool.Lane.BULK, Spool.Lane.NORMAL);
  private static final Duration IDLE_WAIT = Duration.ofMillis(200);
  // Acknowledgements are looked at in between.
  private static final Duration BUSY_WAIT = Duration.ofMillis(10);

  private final Spool spool;
  private final Counters counters;
  private final Clock clock;
  private final Delivery delivery;
  private final Rate messages;
  private final Rate bytes;
  private int turn;
  private volatile @Nullable Run run;

  /** Reads the given spool. */
  public Pump(
      Spool spool, Counters counters, Clock clock, Delivery delivery, LongSupplier nanoTime) {
    this.spool = spool;
    this.counters = counters;
    this.clock = clock;
    this.delivery = delivery;
    this.messages = new Rate(delivery.messagesPerSecond(), nanoTime);
    this.bytes = new Rate(delivery.bytesPerSecond(), nanoTime);
  }

  /** Where a new message belongs: what comes while nothing can be sent is backlog. */
  Spool.Lane lane() {
    return run != null || !delivery.liveFirst() ? Spool.Lane.NORMAL : Spool.Lane.BULK;
  }

  /** One connection: answers that come late are for a queue that nobody reads any more. */
  private static final class Run {
    final Link link;
    final InFlight inFlight;
    final BlockingQueue<Long> acknowledged = new ArrayBlockingQueue<>(WINDOW);
    int window;

    Run(Link link, InFlight inFlight) {
      this.link = link;
      this.inFlight = inFlight;
    }
  }

  /** A new connection. */
  public void begin(Link link, InFlight inFlight) {
    spool.rewind();
    spool.reachable(true);
    run = new Run(link, inFlight);
  }

  /** Sends the next entry, or waits up to 200 ms for one. */
  public void step() throws LinkException, InterruptedException {
    Run now = run;
    if (now == null) {
      return;
    }
    settle(now);
    if (now.window >= WINDOW) {
      Long id = now.acknowledged.poll(IDLE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      if (id != null) {
        settle(now, id);
      }
      return;
    }
    long wait = Math.max(messages.waitNanos(), bytes.waitNanos());
    if (wait > 0) {
      Long id = now.acknowledged.poll(Math.min(wait, IDLE_WAIT.toNanos()), TimeUnit.NANOSECONDS);
      if (id != null) {
        settle(now, id);
      }
      return;
    }
    Spool.Entry entry = spool.next(order(), now.window > 0 ? BUSY_WAIT : IDLE_WAIT);
    if (entry != null) {
      turn++;
      publish(now, entry);
    }
  }

  /** The backlog has its share, and whatever the rest leaves. */
  private List<Spool.Lane> order() {
    boolean backlogFirst = turn * delivery.backlogShare() % 100 < delivery.backlogShare();
    return backlogFirst ? BACKLOG_FIRST : Spool.BY_URGENCY;
  }

  private byte[] payload(Spool.Entry entry) {
    boolean waited = entry.replayed() || entry.lane() == Spool.Lane.BULK;
    byte[] payload = waited ? Wrapping.replayed(entry.payload()) : entry.payload();
    return delivery.gzip() ? Wrapping.gzip(payload) : payload;
  }

  /** Whether nothing waits and nothing is in flight. */
  public boolean idle() {
    Run now = run;
    return (now == null || now.window == 0) && spool.stats().entries() == 0;
  }

  /** The connection is gone. */
  public void end() {
    Run before = run;
    run = null;
    spool.reachable(false);
    if (before != null) {
      settle(before);
    }
  }

  private void publish(Run now, Spool.Entry entry) throws LinkException {
    long id = entry.id();
    now.inFlight.sent();
    now.window++;
    byte[] payload = payload(entry);
    messages.sent(1);
    bytes.sent(payload.length + entry.topic().length());
    try {
      now.link.publish(entry.topic(), payload, 1, false, failure -> receipt(now, id, failure));
    } catch (IllegalArgumentException e) {
      // Would be refused for ever and block everything behind it.
      now.inFlight.withdrawn();
      now.window--;
      String reason = "cannot be sent: " + e.getMessage();
      boolean kept = spool.quarantine(id, reason);
      LOG.error(
          "message {} for '{}' {}; it is {}",
          id,
          entry.topic(),
          reason,
          kept ? "in quarantine" : "dropped, as the quarantine is full");
      counters.reject();
      spool.acknowledge(id);
    }
  }

  /** By a thread of the client's: the queue has room for the whole window, so it never fails. */
  private static void receipt(Run run, long id, @Nullable Exception failure) {
    if (failure == null) {
      run.inFlight.answered();
      run.acknowledged.add(id);
    }
  }

  private void settle(Run now) {
    for (Long id = now.acknowledged.poll(); id != null; id = now.acknowledged.poll()) {
      settle(now, id);
    }
  }

  private void settle(Run now, long id) {
    now.window--;
    spool.acknowledge(id);
    counters.acknowledge(clock.instant());
  }
}
