package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.localiot.internal.broker.InsideClient;
import io.snaprail.localiot.internal.json.StrictJson;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/**
 * What an MQTT client of a page has received and not yet shown: the newest 500 messages, at most 2
 * MiB; the oldest go first, and are counted. Safe for any thread.
 */
final class TestClient implements InsideClient.Listener {
  private static final int MAX_MESSAGES = 500;
  private static final long MAX_BYTES = 2 * 1024 * 1024;
  private static final int MAX_IN_ANSWER = 100;

  private final Clock clock;
  private final Runnable news;

  // All below: guarded by this.
  private final Deque<Received> messages = new ArrayDeque<>();
  private long bytes;
  private long last;
  private long dropped;
  private String ended = "";

  /**
   * Has received nothing.
   *
   * @param news called when something comes; returns at once
   */
  TestClient(Clock clock, Runnable news) {
    this.clock = clock;
    this.news = news;
  }

  private record Received(long number, int size, JsonObject json) {}

  @Override
  public void message(String topic, byte[] payload, int qos, boolean retained) {
    JsonObject json = new JsonObject();
    json.addProperty("time", clock.instant().toString());
    json.addProperty("topic", topic);
    json.addProperty("qos", qos);
    json.addProperty("retained", retained);
    json.addProperty("payload", Base64.getEncoder().encodeToString(payload));
    keep(json, topic.length() + payload.length + 100);
    news.run();
  }

  private synchronized void keep(JsonObject json, int size) {
    last++;
    messages.add(new Received(last, size, json));
    bytes += size;
    while (messages.size() > MAX_MESSAGES || bytes > MAX_BYTES) {
      bytes -= messages.remove().size();
      dropped++;
    }
  }

  @Override
  public void ended(String reason) {
    synchronized (this) {
      ended = reason;
    }
    news.run();
  }

  /** Whether there is something behind a number. */
  synchronized boolean hasMore(long after) {
    return last > after || !ended.isEmpty();
  }

  /** Whether it is over. */
  synchronized boolean over() {
    return !ended.isEmpty();
  }

  /** What came behind a number; what is before it has been shown and goes. */
  synchronized ConsoleAnswer after(long number) {
    while (!messages.isEmpty() && messages.element().number() <= number) {
      bytes -= messages.remove().size();
    }
    JsonArray rows = new JsonArray();
    long shown = number;
    for (Received one : messages) {
      if (rows.size() == MAX_IN_ANSWER) {
        break;
      }
      rows.add(one.json());
      shown = one.number();
    }
    JsonObject json = new JsonObject();
    json.add("messages", rows);
    json.addProperty("last", shown);
    json.addProperty("dropped", dropped);
    json.addProperty("ended", shown == last || messages.isEmpty() ? ended : "");
    return ConsoleAnswer.json(StrictJson.write(json));
  }
}
