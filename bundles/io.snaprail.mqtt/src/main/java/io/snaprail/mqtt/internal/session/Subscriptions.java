package io.snaprail.mqtt.internal.session;

import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.api.mqtt.MqttSession.Subscription;
import io.snaprail.mqtt.internal.link.Connector.Inbox;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The subscriptions that shall stand, and the messages that come in on them. The supervisor's
 * thread makes the broker's side follow; handlers are called by a thread of their own, behind a
 * queue of 1,000 messages and 4 MiB: what does not fit is lost and counted, so that a slow handler
 * never stops acknowledgements.
 */
public final class Subscriptions implements Inbox, AutoCloseable {
  /** AWS IoT Core takes no more in one SUBSCRIBE. */
  private static final int FILTERS_A_PACKET = 8;

  private static final int QUEUE_MESSAGES = 1_000;
  private static final long QUEUE_BYTES = 4L << 20;

  private final List<Standing> standing = new CopyOnWriteArrayList<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Set<String> atBroker = new HashSet<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Worker worker;

  /**
   * What the broker has answered on this connection: an answer to an earlier one comes to naught.
   */
  private Set<String> answered = Set.of();

  private volatile boolean changed = true;

  /** Names the thread after the uplink. */
  public Subscriptions(String name) {
    worker = new Worker("snaprail-mqtt-" + name + "-handlers", QUEUE_MESSAGES);
  }

  Subscription add(List<String> filters, MessageHandler handler) {
    filters.forEach(TopicFilter::check);
    Standing entry = new Standing(filters, handler);
    standing.add(entry);
    changed = true;
    return () -> {
      standing.remove(entry);
      changed = true;
    };
  }

  /** Filters that the broker refused on this connection. */
  public Set<String> refused() {
    return refused.isEmpty() ? Set.of() : Set.copyOf(refused);
  }

  /** Messages that came in and were lost because the handlers were too slow. */
  public long dropped() {
    return dropped.get();
  }

  /**
   * A new connection. What the broker has taken before stands if it has kept the session, and is
   * not asked for again; everything else is. By the supervisor's thread.
   */
  void begin(boolean resumed) {
    Set<String> kept = ConcurrentHashMap.newKeySet();
    if (resumed) {
      kept.addAll(answered);
      kept.removeAll(refused);
    }
    atBroker.retainAll(kept);
    refused.clear();
    answered = kept;
    changed = true;
  }

  /** Makes the broker's side follow. By the supervisor's thread. */
  void reconcile(Link link, InFlight inFlight) throws LinkException {
    if (changed) {
      changed = false;
      follow(link, inFlight);
    }
    for (Standing entry : standing) {
      entry.announce(worker, answered, refused);
    }
  }

  /** The connection is gone. By the supervisor's thread. */
  void end() {
    standing.forEach(entry -> entry.lost(worker));
  }

  private void follow(Link link, InFlight inFlight) throws LinkException {
    Set<String> wanted = new HashSet<>();
    standing.forEach(entry -> wanted.addAll(entry.filters()));
    List<String> superfluous = new ArrayList<>(atBroker);
    superfluous.removeAll(wanted);
    for (List<String> some : packets(superfluous)) {
      link.unsubscribe(some);
    }
    answered.retainAll(wanted);
    List<String> missing = new ArrayList<>(wanted);
    missing.removeAll(atBroker);
    Set<String> answers = answered;
    for (List<String> some : packets(missing)) {
      inFlight.sent();
      link.subscribe(
          some,
          refusals -> {
            inFlight.answered();
            refused.addAll(refusals);
            answers.addAll(some);
          });
    }
    atBroker.clear();
    atBroker.addAll(wanted);
    refused.retainAll(wanted);
  }

  @Override
  public void message(String topic, byte[] payload) {
    long size = topic.length() + (long) payload.length;
    if (queuedBytes.addAndGet(size) > QUEUE_BYTES && queuedBytes.get() > size) {
      queuedBytes.addAndGet(-size);
      dropped.incrementAndGet();
      return;
    }
    if (!worker.offer(() -> deliver(topic, payload, size))) {
      queuedBytes.addAndGet(-size);
      dropped.incrementAndGet();
    }
  }

  private void deliver(String topic, byte[] payload, long size) {
    queuedBytes.addAndGet(-size);
    for (Standing entry : standing) {
      if (entry.matches(topic)) {
        entry.call(handler -> handler.message(topic, payload));
      }
    }
  }

  private static List<List<String>> packets(List<String> filters) {
    List<List<String>> packets = new ArrayList<>();
    for (int i = 0; i < filters.size(); i += FILTERS_A_PACKET) {
      packets.add(filters.subList(i, Math.min(filters.size(), i + FILTERS_A_PACKET)));
    }
    return packets;
  }

  @Override
  public void close() {
    standing.clear();
    worker.close();
  }
}
