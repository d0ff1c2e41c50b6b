package io.snaprail.localiot.internal.broker;

import io.snaprail.api.health.MetricSource;
import io.snaprail.localiot.internal.limits.Quotas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sessions, subscriptions, retained messages, and the way of a message from one to the others. Safe
 * for any thread; nothing here waits for a client.
 */
public final class Broker {
  private final LongSupplier nanoTime;
  private final BrokerMetrics metrics = new BrokerMetrics();
  private final SubscriptionIndex<Session> index = new SubscriptionIndex<>();
  private final RetainedMessages retained = new RetainedMessages();
  private volatile MessageTap tap = MessageTap.NOBODY;
  private final ByteBudget budget = new ByteBudget(Quotas.QUEUED_BYTES_TOTAL);

  private final Set<Link> links = ConcurrentHashMap.newKeySet();

  /** By client id; guarded by itself. */
  private final Map<String, Session> sessions = new HashMap<>();

  /** Uses {@code nanoTime} for the expiry of sessions. */
  public Broker(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  BrokerMetrics metrics() {
    return metrics;
  }

  /** Clients that are connected now. */
  public int connections() {
    return metrics.connections.get();
  }

  /** Delivers its figures. */
  public void collect(MetricSource.Collector collector) {
    metrics.collect(collector);
    collector.gauge("snaprail_localiot_sessions", "Sessions, connected or kept", sessionCount());
    collector.gauge(
        "snaprail_localiot_queued_bytes",
        "Bytes that wait for subscribers or their acknowledgement",
        (double) queuedBytes());
  }

  /** A session for a connection, and whether it was there before. */
  record Opened(Session session, boolean present) {}

  /** A client connects. A connection that has its id is told to end: the newcomer wins. */
  Opened connect(String clientId, boolean clean, Link link) {
    Opened opened;
    Link previous;
    synchronized (sessions) {
      Session old = sessions.get(clientId);
      if (old != null && !clean && !old.clean()) {
        previous = old.attach(link);
        opened = new Opened(old, true);
      } else {
        previous = old == null ? null : old.end(index);
        opened = new Opened(new Session(clientId, clean, budget, link), false);
        sessions.put(clientId, opened.session());
        evictOldest();
      }
    }
    links.add(link);
    if (previous != null) {
      previous.end("another connection has taken its client id");
    }
    return opened;
  }

  /** A connection has ended. */
  void disconnected(Session session, Link link) {
    links.remove(link);
    synchronized (sessions) {
      if (session.detach(link, nanoTime.getAsLong()) && session.clean()) {
        sessions.remove(session.clientId(), session);
        session.end(index);
      }
    }
  }

  /** Whether a client of this id is connected now. */
  public boolean isConnected(String clientId) {
    synchronized (sessions) {
      Session session = sessions.get(clientId);
      return session != null && session.detachedSince() == null;
    }
  }

  /** Ends the connections whose certificate may not be used any more. */
  public void endUnless(Predicate<String> usable) {
    for (Link link : links) {
      String certificate = link.certificateId();
      if (!certificate.isEmpty() && !usable.test(certificate)) {
        link.end("its certificate is not ACTIVE any more");
      }
    }
  }

  /** Subscribes and sends what is retained; false when the session has too many subscriptions. */
  boolean subscribe(Session session, String filter, int qos) {
    return session.subscribe(filter, qos, index);
  }

  /** Sends the retained message of a filter to a session that has just subscribed. */
  void sendRetained(Session session, String filter, int qos) {
    Optional<Message> message = retained.forFilter(filter);
    message.ifPresent(found -> offer(session, new Delivery(found, qos, true)));
  }

  void unsubscribe(Session session, String filter) {
    session.unsubscribe(filter, index);
  }

  /** Delivers a message to everyone who wants it. */
  void publish(Message message, int qos) {
    index
        .match(message.topic())
        .forEach(
            (session, granted) ->
                offer(session, new Delivery(message, Math.min(qos, granted), false)));
  }

  /** Keeps a message for later subscribers; false when there is no room. */
  boolean retain(Message message) {
    return retained.put(message);
  }

  /**
   * A service of the endpoint publishes.
   *
   * @param payload not changed afterwards
   */
  public void publishFromService(String topic, byte[] payload) {
    Message message = new Message(topic, payload);
    publish(message, 1);
    tapped("", message);
  }

  /** Has every message that is taken shown to one more, which the rules engine is. */
  public void tap(MessageTap listener) {
    tap = listener;
  }

  void tapped(String clientId, Message message) {
    tap.published(clientId, message.topic(), message.payload());
  }

  /**
   * A service of the endpoint answers one client and nobody else, whether or not it has subscribed;
   * dropped when it is not connected. The client's policies decide whether it receives it.
   *
   * @param payload not changed afterwards
   */
  public void answerFromService(String clientId, String topic, byte[] payload) {
    Session session;
    synchronized (sessions) {
      session = sessions.get(clientId);
    }
    if (session != null) {
      offer(session, new Delivery(new Message(topic, payload), 0, false));
    }
  }

  /** Ends the sessions that have been without a connection for too long. Call it now and then. */
  public void expireSessions() {
    long now = nanoTime.getAsLong();
    long expiry = Quotas.SESSION_EXPIRY.toNanos();
    synchronized (sessions) {
      List<Session> expired =
          sessions.values().stream().filter(one -> one.detachedFor(expiry, now)).toList();
      expired.forEach(this::drop);
    }
  }

  /** Ends all sessions. */
  public void close() {
    synchronized (sessions) {
      new ArrayList<>(sessions.values()).forEach(this::drop);
    }
  }

  int sessionCount() {
    synchronized (sessions) {
      return sessions.size();
    }
  }

  /** Bytes that wait for subscribers. */
  long queuedBytes() {
    return budget.used();
  }

  boolean hasSubscriptions() {
    return !index.isEmpty();
  }

  private void offer(Session session, Delivery delivery) {
    if (!session.offer(delivery)) {
      metrics.dropped.increment();
    }
  }

  // Connections are fewer than sessions may be, so there is always one without a connection.
  private void evictOldest() {
    if (sessions.size() <= Quotas.SESSIONS) {
      return;
    }
    record Detached(Session session, long since) {}
    List<Detached> detached = new ArrayList<>();
    for (Session session : sessions.values()) {
      @Nullable Long since = session.detachedSince();
      if (since != null) {
        detached.add(new Detached(session, since));
      }
    }
    detached.stream()
        .min(Comparator.comparingLong(one -> one.since() - nanoTime.getAsLong()))
        .ifPresent(oldest -> drop(oldest.session()));
  }

  private void drop(Session session) {
    sessions.remove(session.clientId(), session);
    session.end(index);
  }
}
