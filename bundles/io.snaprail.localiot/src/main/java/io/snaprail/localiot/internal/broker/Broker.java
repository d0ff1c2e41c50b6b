package io.snaprail.localiot.internal.broker;

import io.snaprail.api.health.MetricSource;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.RequestGate.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sessions, subscriptions, retained messages, and the way of a message from one to the others. Safe
 * for any thread; nothing here waits for a client.
 */
public final class Broker {
  private final LongSupplier nanoTime;
  private final Clock clock;
  private final Presence presence;

  /** Whether a kept session has gone since the sessions were written. */
  private final AtomicBoolean changed = new AtomicBoolean();

  private volatile @Nullable BrokerFiles files;
  private final BrokerMetrics metrics = new BrokerMetrics();
  private final SubscriptionIndex<Session> index = new SubscriptionIndex<>();
  private final RetainedMessages retained = new RetainedMessages();
  private volatile MessageTap tap = MessageTap.NOBODY;
  private final ByteBudget budget = new ByteBudget(Quotas.QUEUED_BYTES_TOTAL);

  /** Who connects too often. */
  private final RequestGate connects;

  private final Set<Link> links = ConcurrentHashMap.newKeySet();

  /** By client id; guarded by itself. */
  private final Map<String, Session> sessions = new HashMap<>();

  /**
   * Keeps nothing yet.
   *
   * @param nanoTime for the expiry of sessions and for rates
   * @param clock for time stamps
   */
  public Broker(LongSupplier nanoTime, Clock clock) {
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.connects =
        new RequestGate(new Limits(Quotas.SESSIONS, 1, Quotas.CONNECTS_PER_SECOND), nanoTime);
    this.presence = new Presence(this::publishFromService, nanoTime, clock);
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  Presence presence() {
    return presence;
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

  /** Whether a client does not connect too often; counts this time. */
  boolean connectsInTime(String clientId) {
    boolean inTime = connects.enter(clientId);
    if (inTime) {
      connects.leave(clientId);
    }
    return inTime;
  }

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
      previous.end(
          DisconnectReason.DUPLICATE_CLIENTID, "another connection has taken its client id");
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
        link.end(
            DisconnectReason.SERVER_INITIATED_DISCONNECT, "its certificate is not ACTIVE any more");
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

  /** The message that is retained on a topic. */
  Optional<Message> retained(String topic) {
    return retained.forFilter(topic);
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

  /**
   * Takes over the retained messages and the sessions that a folder keeps, and keeps them there
   * from now on. Call it before the first client connects.
   *
   * @throws IOException when they cannot be read; the message names the file and what to do
   */
  public void open(Path folder) throws IOException {
    BrokerFiles opened = new BrokerFiles(folder);
    List<BrokerFiles.Kept> kept = opened.readSessions();
    retained.restore(opened.readRetained());
    long now = nanoTime.getAsLong();
    Instant wall = clock.instant();
    synchronized (sessions) {
      for (BrokerFiles.Kept one : kept) {
        Session session = new Session(one.clientId(), false, budget, null);
        // A clock that was set back must not make a session live longer.
        long away = Math.max(0, Duration.between(one.since(), wall).toNanos());
        session.restore(one, now - away, index);
        sessions.put(one.clientId(), session);
      }
    }
    files = opened;
    expireSessions();
  }

  /**
   * Writes what has changed. Call it every second: after a power cut, what was retained and what
   * came for clients that were away until a second before is there; what was under way to a
   * connected client may be lost or come twice.
   *
   * @throws IOException when it cannot be written; it is tried again with the next call
   */
  public void save() throws IOException {
    BrokerFiles open = files;
    if (open == null) {
      return;
    }
    Optional<List<Message>> messages = retained.takeChanged();
    try {
      if (messages.isPresent()) {
        open.writeRetained(messages.get());
      }
    } catch (IOException e) {
      retained.markChanged();
      throw e;
    }
    saveSessions(open);
  }

  private void saveSessions(BrokerFiles open) throws IOException {
    List<Session> all;
    synchronized (sessions) {
      all = List.copyOf(sessions.values());
    }
    boolean write = changed.getAndSet(false);
    for (Session session : all) {
      write |= session.takeChanged();
    }
    if (!write) {
      return;
    }
    long now = nanoTime.getAsLong();
    Instant wall = clock.instant();
    List<BrokerFiles.Kept> kept =
        all.stream()
            .filter(session -> !session.clean())
            .map(session -> session.kept(since -> wall.minusNanos(now - since), now))
            .toList();
    try {
      open.writeSessions(kept);
    } catch (IOException e) {
      changed.set(true);
      throw e;
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
    presence.expire();
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
    changed.compareAndSet(false, !session.clean());
  }
}
