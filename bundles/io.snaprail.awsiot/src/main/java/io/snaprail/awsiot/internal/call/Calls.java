package io.snaprail.awsiot.internal.call;

import com.google.gson.JsonObject;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Requests that AWS answers below their topic, on {@code accepted} or {@code rejected}. Answers are
 * told apart by their client token; provisioning has none, so of its requests one is under way at a
 * time. Safe for any thread.
 */
public final class Calls implements AutoCloseable {
  private static final String ACCEPTED = "/accepted";
  private static final String REJECTED = "/rejected";

  /** More than any service of AWS takes at once; beyond it somebody has gone wild. */
  private static final int MOST = 32;

  private final MqttSession session;
  private final MqttSession.Subscription subscription;
  private final AtomicLong tokens = new AtomicLong();
  private final String prefix = Long.toHexString(System.nanoTime());
  private final List<Waiting> waiting = new ArrayList<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  /** Subscribes to the answers on these topics; wildcards are allowed. */
  public Calls(MqttSession session, List<String> topics) {
    this.session = session;
    List<String> filters = new ArrayList<>();
    for (String topic : topics) {
      filters.add(topic + ACCEPTED);
      filters.add(topic + REJECTED);
    }
    subscription = session.subscribe(filters, new Answers());
  }

  /** A request without its answer. */
  private record Waiting(String topic, String token, CompletableFuture<JsonObject> answer) {}

  /** Completes when the answers are subscribed to, on this connection or an earlier one. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /**
   * Sends a request.
   *
   * @param request gets a {@code clientToken}, unless the topic is provisioning's, which takes none
   * @return the answer; fails with {@link RejectedCallException}, or another IOException when it
   *     could not be sent, the connection was lost, or no answer came in time
   */
  public CompletableFuture<JsonObject> call(String topic, JsonObject request, Duration timeout) {
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    boolean tokenless = topic.startsWith("$aws/certificates/") || topic.contains("/provision/");
    String token = tokenless ? "" : prefix + "-" + tokens.incrementAndGet();
    JsonObject sent = request.deepCopy();
    if (!tokenless) {
      sent.addProperty("clientToken", token);
    }
    Waiting one = new Waiting(topic, token, answer);
    synchronized (waiting) {
      if (waiting.size() >= MOST) {
        return CompletableFuture.failedFuture(
            new IOException("'" + topic + "' is not sent: " + MOST + " requests wait for answers"));
      }
      waiting.add(one);
    }
    CompletableFuture<JsonObject> bounded =
        answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    bounded.whenComplete((done, failure) -> forget(one));
    session
        .publish(topic, JsonText.bytes(sent), 1, false)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              }
            });
    return bounded;
  }

  private void forget(Waiting one) {
    synchronized (waiting) {
      waiting.remove(one);
    }
  }

  private @Nullable Waiting take(String topic, String token) {
    synchronized (waiting) {
      for (Waiting one : waiting) {
        if (one.topic().equals(topic) && one.token().equals(token)) {
          waiting.remove(one);
          return one;
        }
      }
      return null;
    }
  }

  /** Takes the answers. */
  private final class Answers implements MessageHandler {
    @Override
    public void ready(Set<String> refused) {
      if (refused.isEmpty()) {
        ready.complete(null);
      } else {
        ready.completeExceptionally(
            new IOException(
                "the policy of this client does not allow to subscribe to "
                    + String.join(", ", refused.stream().sorted().toList())));
      }
    }

    @Override
    public void lost() {
      List<Waiting> gone;
      synchronized (waiting) {
        gone = List.copyOf(waiting);
        waiting.clear();
      }
      gone.forEach(
          one ->
              one.answer()
                  .completeExceptionally(
                      new IOException(
                          "the connection was lost before '" + one.topic() + "' was answered")));
    }

    @Override
    public void message(String topic, byte[] payload) {
      boolean accepted = topic.endsWith(ACCEPTED);
      String asked = topic.substring(0, topic.lastIndexOf('/'));
      try {
        JsonObject answer = JsonText.object(payload);
        Waiting one = take(asked, JsonText.text(answer, "clientToken").orElse(""));
        if (one == null) {
          return;
        }
        if (accepted) {
          one.answer().complete(answer);
        } else {
          one.answer().completeExceptionally(new RejectedCallException(asked, answer));
        }
      } catch (IOException e) {
        Waiting one = take(asked, "");
        if (one != null) {
          one.answer()
              .completeExceptionally(
                  new IOException("the answer to '" + asked + "': " + e.getMessage(), e));
        }
      }
    }
  }

  @Override
  public void close() {
    subscription.close();
  }
}
