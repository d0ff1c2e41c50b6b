package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the broker keeps for a client: subscriptions, messages that wait and messages that are sent
 * and not acknowledged. Publishers offer from any thread and never wait: what does not fit is
 * dropped and counted, so a slow subscriber holds nobody. The connection takes on its own thread.
 * What is queued or unacknowledged is paid for from a budget that all sessions share.
 */
final class Session {
  private final String clientId;
  private final boolean clean;
  private final ByteBudget budget;

  // All below: guarded by this.
  private final Map<String, Integer> subscriptions = new HashMap<>();
  private final Deque<Delivery> queue = new ArrayDeque<>();
  private final Map<Integer, Delivery> inFlight = new LinkedHashMap<>();
  private long queuedBytes;
  private int lastPacketId;
  private @Nullable Link link;
  private long detachedAt;
  private boolean ended;

  /** Whether what has to be on disk is not, and whether messages are there. */
  private boolean changed;

  private boolean written;

  Session(String clientId, boolean clean, ByteBudget budget, @Nullable Link link) {
    this.clientId = clientId;
    this.clean = clean;
    this.budget = budget;
    this.link = link;
  }

  String clientId() {
    return clientId;
  }

  /** Whether it ends with its connection. */
  boolean clean() {
    return clean;
  }

  /** A newer connection takes the session; the one that had it, if any. */
  synchronized @Nullable Link attach(Link newcomer) {
    Link old = link;
    link = newcomer;
    changed = true;
    return old;
  }

  /** A connection has ended; whether the session was still its own. */
  synchronized boolean detach(Link leaving, long now) {
    if (link != leaving) {
      return false;
    }
    link = null;
    detachedAt = now;
    changed = true;
    return true;
  }

  /** Whether it has had no connection for a time. */
  synchronized boolean detachedFor(long nanos, long now) {
    return link == null && now - detachedAt >= nanos;
  }

  /** Since when it has no connection; null while it has one. */
  synchronized @Nullable Long detachedSince() {
    return link == null ? detachedAt : null;
  }

  /** Ends it: gives the budget back; later offers and subscriptions are refused. */
  synchronized @Nullable Link end(SubscriptionIndex<Session> index) {
    ended = true;
    subscriptions.keySet().forEach(filter -> index.remove(filter, this));
    subscriptions.clear();
    queue.forEach(delivery -> budget.release(delivery.message().weight()));
    inFlight.values().forEach(delivery -> budget.release(delivery.message().weight()));
    queue.clear();
    inFlight.clear();
    queuedBytes = 0;
    Link old = link;
    link = null;
    return old;
  }

  /** Subscribes; false when it has as many subscriptions as it may. */
  synchronized boolean subscribe(String filter, int qos, SubscriptionIndex<Session> index) {
    if (ended
        || (!subscriptions.containsKey(filter)
            && subscriptions.size() >= Quotas.SUBSCRIPTIONS_PER_CONNECTION)) {
      return false;
    }
    subscriptions.put(filter, qos);
    changed = true;
    index.add(filter, this, qos);
    return true;
  }

  synchronized void unsubscribe(String filter, SubscriptionIndex<Session> index) {
    if (subscriptions.remove(filter) != null) {
      changed = true;
      index.remove(filter, this);
    }
  }

  /** Puts a message into the queue; false when it is dropped because there is no room. */
  boolean offer(Delivery delivery) {
    Link wake;
    synchronized (this) {
      if (ended || (link == null && (clean || delivery.qos() == 0))) {
        // Nobody is owed this one [MQTT-3.1.2-5]: not a loss.
        return true;
      }
      int weight = delivery.message().weight();
      if (queue.size() >= Quotas.QUEUED_MESSAGES
          || queuedBytes + weight > Quotas.QUEUED_BYTES
          || !budget.take(weight)) {
        return false;
      }
      queue.add(delivery);
      queuedBytes += weight;
      wake = link;
      changed |= wake == null;
    }
    if (wake != null) {
      wake.wake();
    }
    return true;
  }

  /** The next message that may be sent now; null when there is none or the window is full. */
  synchronized @Nullable Delivery peek(Link asking) {
    Delivery next = queue.peek();
    if (link != asking || next == null || (next.qos() > 0 && inFlight.size() >= Quotas.IN_FLIGHT)) {
      return null;
    }
    return next;
  }

  /** Drops the message that {@link #peek} gave. */
  synchronized void skip(Link asking, Delivery peeked) {
    if (link == asking && peeked.equals(queue.peek())) {
      remove();
      budget.release(peeked.message().weight());
    }
  }

  /**
   * Takes the message that {@link #peek} gave, to send it.
   *
   * @return its packet id, 0 for QoS 0; -1 when the session has gone to another connection
   */
  synchronized int take(Link asking, Delivery peeked) {
    if (link != asking || !peeked.equals(queue.peek())) {
      return -1;
    }
    remove();
    if (peeked.qos() == 0) {
      budget.release(peeked.message().weight());
      return 0;
    }
    int id = nextPacketId();
    inFlight.put(id, peeked);
    return id;
  }

  /** A PUBACK has come. */
  synchronized void acknowledged(int packetId) {
    Delivery delivery = inFlight.remove(packetId);
    if (delivery != null) {
      budget.release(delivery.message().weight());
      changed |= written && inFlight.isEmpty() && queue.isEmpty();
    }
  }

  /** Messages that wait to be sent. */
  synchronized int queued() {
    return queue.size();
  }

  /** Whether what is on disk of it is not what has to be there; asks once for each change. */
  synchronized boolean takeChanged() {
    boolean was = changed && !clean;
    changed = false;
    return was;
  }

  /** What has to be on disk of a session that is kept. */
  synchronized BrokerFiles.Kept kept(Function<Long, Instant> wallTime, long now) {
    List<Message> messages = new ArrayList<>();
    inFlight.values().forEach(delivery -> messages.add(delivery.message()));
    queue.stream().filter(one -> one.qos() > 0).forEach(one -> messages.add(one.message()));
    written = !messages.isEmpty();
    return new BrokerFiles.Kept(
        clientId,
        wallTime.apply(link == null ? detachedAt : now),
        Map.copyOf(subscriptions),
        messages);
  }

  /** Takes over what was on disk. */
  void restore(BrokerFiles.Kept kept, long since, SubscriptionIndex<Session> index) {
    synchronized (this) {
      detachedAt = since;
    }
    kept.subscriptions().forEach((filter, qos) -> subscribe(filter, qos, index));
    kept.messages().forEach(message -> offer(new Delivery(message, 1, false)));
    synchronized (this) {
      changed = false;
      written = !kept.messages().isEmpty();
    }
  }

  /** What was sent over an earlier connection and not acknowledged, oldest first. */
  synchronized List<Map.Entry<Integer, Delivery>> unacknowledged() {
    List<Map.Entry<Integer, Delivery>> all = new ArrayList<>();
    inFlight.forEach((id, delivery) -> all.add(Map.entry(id, delivery)));
    return all;
  }

  /** Whether a message is still to be acknowledged by the connection that asks. */
  synchronized boolean owes(Link asking, int packetId) {
    return link == asking && inFlight.containsKey(packetId);
  }

  private void remove() {
    queuedBytes -= queue.remove().message().weight();
  }

  private int nextPacketId() {
    do {
      lastPacketId = lastPacketId == 0xFFFF ? 1 : lastPacketId + 1;
    } while (inFlight.containsKey(lastPacketId));
    return lastPacketId;
  }
}
