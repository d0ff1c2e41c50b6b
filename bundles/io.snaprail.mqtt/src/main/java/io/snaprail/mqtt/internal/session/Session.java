package io.snaprail.mqtt.internal.session;

import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connector's own messages and subscriptions, beside the telemetry. Up to 20 publishes may await
 * their acknowledgement; more fail at once, so that nobody queues here without a bound. Stages are
 * completed by a thread of their own: what hangs on them may block for a while.
 */
public final class Session implements MqttSession, AutoCloseable {
  /** Of the 100 that AWS IoT Core allows unacknowledged, these are not for telemetry. */
  static final int WINDOW = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final String endpoint;
  private final Subscriptions subscriptions;
  private final Presence presence;
  private final Worker completions;
  private volatile @Nullable Up up;

  /** Subscribes through the given subscriptions. */
  public Session(String name, String endpoint, Subscriptions subscriptions, Presence presence) {
    this.presence = presence;
    this.endpoint = endpoint;
    this.subscriptions = subscriptions;
    this.completions = new Worker("snaprail-mqtt-" + name + "-replies", 4 * WINDOW);
  }

  /** A connection, and what waits for its answers. */
  private record Up(Link link, InFlight inFlight, Semaphore window, Set<Waiting> waiting) {
    Up(Link link, InFlight inFlight) {
      this(link, inFlight, new Semaphore(WINDOW), ConcurrentHashMap.newKeySet());
    }
  }

  /** A publish that is not yet answered. */
  private static final class Waiting {
    final CompletableFuture<Void> stage = new CompletableFuture<>();
  }

  /** A new connection. By the supervisor's thread. */
  public void begin(Link link, InFlight inFlight) throws LinkException {
    subscriptions.begin(link.resumed());
    for (Presence.Message one : presence.online()) {
      say(link, one, () -> {});
    }
    up = new Up(link, inFlight);
  }

  /** Says that the client goes, and waits 1 s at most until it is said. */
  public void goodbye() {
    Up now = up;
    List<Presence.Message> last = now == null ? List.of() : presence.offline();
    if (now == null || last.isEmpty()) {
      return;
    }
    CountDownLatch said = new CountDownLatch(last.size());
    try {
      for (Presence.Message one : last) {
        say(now.link(), one, said::countDown);
      }
      if (!said.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("{}: the broker has not acknowledged the good-bye", endpoint);
      }
    } catch (LinkException e) {
      LOG.debug("{}: gone before the good-bye", endpoint, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Not counted as in flight: that the broker takes it says nothing of the topics of the telemetry.
  private static void say(Link link, Presence.Message one, Runnable then) throws LinkException {
    link.publish(one.topic(), one.payload(), one.qos(), one.retained(), failure -> then.run());
  }

  /** Makes the broker's subscriptions follow. By the supervisor's thread. */
  public void step() throws LinkException {
    Up now = up;
    if (now != null) {
      subscriptions.reconcile(now.link(), now.inFlight());
    }
  }

  /** The connection is gone. By the supervisor's thread. */
  public void end(Fault reason) {
    Up before = up;
    up = null;
    subscriptions.end();
    if (before != null) {
      IOException failure = new IOException(reason.message());
      before.waiting().forEach(one -> complete(one.stage, failure));
    }
  }

  @Override
  public boolean connected() {
    return up != null;
  }

  @Override
  public CompletionStage<Void> publish(String topic, byte[] payload, int qos, boolean retained) {
    check(topic, qos);
    Up now = up;
    if (now == null) {
      return failed(endpoint + ": not connected, '" + topic + "' is not published");
    }
    if (!now.window().tryAcquire()) {
      return failed(
          endpoint
              + ": "
              + WINDOW
              + " messages await their acknowledgement already, '"
              + topic
              + "' is not published");
    }
    Waiting one = new Waiting();
    now.waiting().add(one);
    now.inFlight().sent();
    try {
      now.link().publish(topic, payload.clone(), qos, retained, failure -> done(now, one, failure));
    } catch (LinkException e) {
      done(now, one, e);
    }
    return one.stage;
  }

  @Override
  public Subscription subscribe(List<String> filters, MessageHandler handler) {
    return subscriptions.add(filters, handler);
  }

  @Override
  public void close() {
    subscriptions.close();
    completions.close();
  }

  private void done(Up on, Waiting one, @Nullable Exception failure) {
    if (!on.waiting().remove(one)) {
      return;
    }
    if (failure == null) {
      on.inFlight().answered();
    } else {
      on.inFlight().withdrawn();
    }
    on.window().release();
    complete(one.stage, failure);
  }

  private void complete(CompletableFuture<Void> stage, @Nullable Exception failure) {
    Runnable task =
        failure == null ? () -> stage.complete(null) : () -> stage.completeExceptionally(failure);
    if (!completions.offer(task)) {
      // Closed, or full because what hangs on earlier ones blocks for long: late beats never.
      task.run();
    }
  }

  private static void check(String topic, int qos) {
    if (qos < 0 || qos > 1) {
      throw new IllegalArgumentException("qos: expected 0 or 1, found '" + qos + "'");
    }
    if (topic.isEmpty() || topic.matches("(?s).*[+#\\x00].*")) {
      throw new IllegalArgumentException(
          "topic: expected one without '+', '#' and NUL, found '" + topic + "'");
    }
  }

  private static CompletionStage<Void> failed(String message) {
    return CompletableFuture.failedFuture(new IOException(message));
  }
}
