package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.mqtt.Delivery;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.uplink.Spool;
import io.snaprail.mqtt.internal.encoding.ClockSteps;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  private static final int MAX_COMPLAINTS = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
  private static final List<Spool.Lane> BACKLOG_FIRST =
      List.of(Spool.Lane.ALARM, Spool.Lane.BULK, Spool.Lane.NORMAL);
  private static final Duration IDLE_WAIT = Duration.ofMillis(200);
  private static final Duration UNREADY_WAIT = Duration.ofMillis(50);
  // Acknowledgements are looked at in between.
  private static final Duration BUSY_WAIT = Duration.ofMillis(10);

  private final Spool spool;
  private final ClockSteps steps;
  private final Counters counters;
  private final Clock clock;
  private final Delivery delivery;
  private final TelemetryEncoding encoding;
  private final Refused refused;
  private final Suspicion suspicion = new Suspicion();
  private final LongSupplier nanoTime;
  private final Rate messages;
  private final Rate bytes;
  private final Set<String> complained = new HashSet<>();
  private int turn;
  private volatile @Nullable Run run;

  /** Reads the given spool. */
  Pump(Queue queue, TelemetryEncoding encoding, Pipeline.Time time, Delivery delivery, Told told) {
    this.spool = queue.spool();
    this.steps = queue.steps();
    this.encoding = encoding;
    this.counters = told.counters();
    this.clock = time.clock();
    this.delivery = delivery;
    this.refused = told.refused();
    this.nanoTime = time.nanoTime();
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
    // Each of these stands for one message in flight at least, and no more than these fly.
    final BlockingQueue<Sent> acknowledged =
        new ArrayBlockingQueue<>(WINDOW + TelemetryEncoding.MAX_MESSAGES);
    // In the order of the wire.
    final Map<Long, Sent> flying = new LinkedHashMap<>();
    int window;

    Run(Link link, InFlight inFlight) {
      this.link = link;
      this.inFlight = inFlight;
    }
  }

  /** Told about messages that the broker does not take. */
  @FunctionalInterface
  interface Refused {
    /** What is wrong with the messages to a topic; empty when they are taken again. */
    void say(String topic, String words);
  }

  /** Told about what is sent, and what is not. */
  record Told(Counters counters, Refused refused) {}

  /** What was sent for an entry of the spool: all of it must be acknowledged. */
  private static final class Sent {
    static final long NO_ENTRY = 0;

    final AtomicInteger missing;
    final Spool.Lane lane;
    final String topic;
    // By the supervisor's thread alone.
    long id;
    int messages;

    Sent(long id, Spool.Lane lane, String topic, int messages) {
      this.id = id;
      this.lane = lane;
      this.topic = topic;
      this.messages = messages;
      this.missing = new AtomicInteger(messages);
    }

    /** Only the first so many have gone, and stand for nothing; whether they are all answered. */
    boolean cut(int gone) {
      int never = messages - gone;
      id = NO_ENTRY;
      messages = gone;
      return missing.addAndGet(-never) == 0;
    }
  }

  /** A new connection. */
  public void begin(Link link, InFlight inFlight) {
    encoding.begin();
    suspicion.begun();
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
    if (now.window == 0 && suspicion.takeAgain()) {
      spool.rewind();
    }
    long wait = Math.max(messages.waitNanos(), bytes.waitNanos());
    if (now.window >= (suspicion.isolates() ? 1 : WINDOW)) {
      awaitAnswer(now, IDLE_WAIT.toNanos());
    } else if (wait > 0) {
      awaitAnswer(now, Math.min(wait, IDLE_WAIT.toNanos()));
    } else {
      send(now);
    }
  }

  private void awaitAnswer(Run now, long nanos) throws InterruptedException {
    Sent sent = now.acknowledged.poll(nanos, TimeUnit.NANOSECONDS);
    if (sent != null) {
      settle(now, sent);
    }
  }

  private void send(Run now) throws LinkException, InterruptedException {
    TelemetryMessage due = encoding.due();
    if (due != null) {
      publish(now, new Sent(Sent.NO_ENTRY, Spool.Lane.NORMAL, due.topic(), 1), List.of(due));
    } else if (!encoding.ready()) {
      awaitAnswer(now, UNREADY_WAIT.toNanos());
    } else {
      boolean busy = now.window > 0 || suspicion.investigates();
      Spool.Entry entry = spool.next(suspicion.lanes(order()), busy ? BUSY_WAIT : IDLE_WAIT);
      if (entry != null) {
        turn++;
        judge(now, entry);
      } else if (now.window == 0) {
        suspicion.exhausted();
      }
    }
  }

  private void judge(Run now, Spool.Entry entry) throws LinkException {
    switch (suspicion.judge(entry.id(), entry.topic(), nanoTime.getAsLong())) {
      case SEND -> publish(now, entry);
      case CONDEMN -> condemn(entry);
      case HOLD -> LOG.debug("message {} for '{}' is held back", entry.id(), entry.topic());
    }
  }

  private void condemn(Spool.Entry entry) {
    int count = suspicion.condemned(entry.id(), entry.topic(), nanoTime.getAsLong());
    refuse(
        entry,
        "the broker ends the connection when a message to topic '"
            + entry.topic()
            + "' comes, though it takes others: expected it to be taken, found "
            // The same text from then on: it is told once.
            + (count < Suspicion.DENIED
                ? count + " that were not, the last of " + entry.payload().length + " bytes"
                : "none that is; until one is, one each ten minutes is tried"),
        ". Check the client's policy for this topic and the broker's limit for the size of a"
            + " message");
  }

  /** The backlog has its share, and whatever the rest leaves. */
  private List<Spool.Lane> order() {
    boolean backlogFirst =
        Math.floorMod(turn * delivery.backlogShare(), 100) < delivery.backlogShare();
    return backlogFirst ? BACKLOG_FIRST : Spool.BY_URGENCY;
  }

  /** Whether nothing waits and nothing is in flight. */
  public boolean idle() {
    Run now = run;
    return (now == null || now.window == 0) && spool.stats().entries() == 0;
  }

  /** Whether the next connection is to come soon: it may show what this one ended at. */
  boolean hurries() {
    return suspicion.takeSoon();
  }

  /** The connection is gone. */
  public void end(Fault reason) {
    Run before = run;
    run = null;
    spool.reachable(false);
    encoding.end();
    if (before != null) {
      settle(before);
      Iterator<Sent> flying = before.flying.values().iterator();
      if (flying.hasNext()) {
        Sent oldest = flying.next();
        suspicion.ended(reason.kind(), oldest.id, oldest.topic, oldest.lane);
      }
    }
  }

  private void publish(Run now, Spool.Entry entry) throws LinkException {
    boolean waited = entry.replayed() || entry.lane() == Spool.Lane.BULK;
    try {
      List<TelemetryMessage> sent =
          steps.mark(entry, encoding.send(entry.topic(), entry.payload(), waited));
      if (sent.size() > TelemetryEncoding.MAX_MESSAGES) {
        throw new IllegalArgumentException("the encoding made " + sent.size() + " messages of it");
      }
      if (sent.isEmpty()) {
        spool.acknowledge(entry.id());
      } else {
        Sent whole = new Sent(entry.id(), entry.lane(), entry.topic(), sent.size());
        now.flying.put(whole.id, whole);
        publish(now, whole, sent);
      }
    } catch (IllegalArgumentException e) {
      // Would be refused for ever and block everything behind it.
      now.flying.remove(entry.id());
      refuse(
          entry,
          "a message to topic '" + entry.topic() + "' cannot be sent: " + e.getMessage(),
          "");
    }
  }

  private void publish(Run now, Sent whole, List<TelemetryMessage> sent) throws LinkException {
    now.window += whole.messages;
    int out = 0;
    try {
      for (TelemetryMessage message : sent) {
        publish(now, message, whole);
        out++;
      }
    } catch (IllegalArgumentException e) {
      now.window -= whole.messages - out;
      if (whole.cut(out)) {
        settle(now, whole);
      }
      throw e;
    }
  }

  private void publish(Run now, TelemetryMessage message, Sent whole) throws LinkException {
    byte[] payload = delivery.gzip() ? Gzip.pack(message.payload()) : message.payload();
    messages.sent(1);
    bytes.sent(payload.length + message.topic().length());
    now.inFlight.sent();
    try {
      now.link.publish(
          message.topic(),
          payload,
          message.qos(),
          message.retained(),
          failure -> receipt(now, whole, failure));
    } catch (IllegalArgumentException e) {
      now.inFlight.withdrawn();
      throw e;
    }
  }

  private void refuse(Spool.Entry entry, String reason, String whatToDo) {
    boolean kept = spool.quarantine(entry.id(), reason);
    spool.acknowledge(entry.id());
    counters.refuse(kept);
    LOG.debug("message {}: {}; kept: {}", entry.id(), reason, kept);
    if (complained.size() >= MAX_COMPLAINTS && !complained.contains(entry.topic())) {
      // What is said here is taken back; more than this nobody reads.
      return;
    }
    complained.add(entry.topic());
    refused.say(
        entry.topic(),
        reason
            + (kept
                ? "; it is in quarantine"
                : "; it is dropped, as the quarantine is full (100 messages or 4 MiB)")
            + whatToDo);
  }

  /** By a thread of the client's: the queue has room for the whole window, so it never fails. */
  private static void receipt(Run run, Sent sent, @Nullable Exception failure) {
    if (failure == null) {
      run.inFlight.answered();
      if (sent.missing.decrementAndGet() == 0) {
        run.acknowledged.add(sent);
      }
    }
  }

  private void settle(Run now) {
    for (Sent sent = now.acknowledged.poll(); sent != null; sent = now.acknowledged.poll()) {
      settle(now, sent);
    }
  }

  private void settle(Run now, Sent sent) {
    now.window -= sent.messages;
    if (sent.id == Sent.NO_ENTRY) {
      return;
    }
    now.flying.remove(sent.id);
    spool.acknowledge(sent.id);
    counters.acknowledge(clock.instant());
    if (!complained.isEmpty() && complained.remove(sent.topic)) {
      refused.say(sent.topic, "");
    }
    suspicion.acknowledged(sent.id, sent.topic);
  }
}
