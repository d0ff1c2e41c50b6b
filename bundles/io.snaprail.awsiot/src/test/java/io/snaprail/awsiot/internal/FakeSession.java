package io.snaprail.awsiot.internal;

import com.google.gson.JsonObject;
import io.snaprail.api.mqtt.MqttConnection;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A session whose far side is the test. */
public final class FakeSession implements MqttSession, MqttConnection {
  public final List<Message> published = new CopyOnWriteArrayList<>();
  private final List<Standing> standing = new CopyOnWriteArrayList<>();
  private volatile Cloud cloud = (topic, document) -> {};
  private volatile boolean connected;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Message(String topic, byte[] payload) {
    public JsonObject json() {
      return FakeSession.json(payload);
    }
  }

  private record Standing(List<String> filters, MessageHandler handler) {}

  /** What answers. */
  @FunctionalInterface
  public interface Cloud {
    void request(String topic, JsonObject document);
  }

  public FakeSession cloud(Cloud answering) {
    cloud = answering;
    return this;
  }

  public FakeSession connect() {
    connected = true;
    standing.forEach(one -> one.handler().ready(Set.of()));
    return this;
  }

  public void lose() {
    connected = false;
    standing.forEach(one -> one.handler().lost());
  }

  /** A message for whoever subscribed to its topic. */
  public void deliver(String topic, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    for (Standing one : standing) {
      if (one.filters().stream().anyMatch(filter -> matches(filter, topic))) {
        one.handler().message(topic, bytes);
      }
    }
  }

  private static boolean matches(String filter, String topic) {
    return topic.matches(filter.replace("$", "\\$").replace("+", "[^/]+"));
  }

  public static JsonObject json(byte[] payload) {
    try {
      return JsonText.object(payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean connected() {
    return connected;
  }

  @Override
  public CompletionStage<Void> publish(String topic, byte[] payload, int qos, boolean retained) {
    if (!connected) {
      return CompletableFuture.failedFuture(new IOException("not connected"));
    }
    published.add(new Message(topic, payload));
    if (topic.startsWith("$aws/")) {
      cloud.request(topic, json(payload));
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Subscription subscribe(List<String> filters, MessageHandler handler) {
    Standing one = new Standing(filters, handler);
    standing.add(one);
    if (connected) {
      handler.ready(Set.of());
    }
    return () -> standing.remove(one);
  }

  @Override
  public MqttSession session() {
    return this;
  }

  @Override
  public void reconnect(String reason) {}

  @Override
  public void close() {
    connected = false;
  }
}
