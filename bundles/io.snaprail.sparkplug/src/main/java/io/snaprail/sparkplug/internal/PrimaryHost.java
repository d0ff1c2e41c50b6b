package io.snaprail.sparkplug.internal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host application for which data is kept until it is there: specification 3.0.0, 5.4 and
 * 5.7.3. Without one, it is always there. Safe for any thread.
 */
public final class PrimaryHost {
  private static final Logger LOG = LoggerFactory.getLogger(PrimaryHost.class);
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int MAX_STATE = 4_096;

  private final String id;
  private final LongSupplier nanoTime;
  private final Ear ear;
  private boolean online;
  private long told = Long.MIN_VALUE;
  private long waitingSince;
  private boolean waiting;
  private String said = "";

  /** Told about the host. Must not block. */
  public interface Ear {
    /** It was there and is gone. */
    void gone();

    /** What people should know; empty when all is well. */
    void problem(String words);
  }

  /**
   * For a host.
   *
   * @param id of the host application; empty for none
   */
  public PrimaryHost(String id, LongSupplier nanoTime, Ear ear) {
    this.id = id;
    this.nanoTime = nanoTime;
    this.ear = ear;
  }

  /** Whether there is a host to wait for. */
  boolean wanted() {
    return !id.isEmpty();
  }

  String topic() {
    return Names.state(id);
  }

  /** Whether data may go. */
  synchronized boolean online() {
    return id.isEmpty() || online;
  }

  /** The connection waits for the host: tells people when that takes long. */
  void look() {
    String words = "";
    synchronized (this) {
      boolean waits = !online();
      long now = nanoTime.getAsLong();
      if (waits && !waiting) {
        waitingSince = now;
      }
      waiting = waits;
      if (waits && now - waitingSince >= GRACE.toNanos()) {
        words =
            "waiting for the primary host '"
                + id
                + "' to say on "
                + topic()
                + " that it is online; values are kept until then. Check the host application, and"
                + " primary.host.";
      }
      if (words.equals(said)) {
        return;
      }
      said = words;
    }
    ear.problem(words);
  }

  /** It has said something. */
  void message(byte[] payload) {
    boolean gone;
    synchronized (this) {
      State state = State.read(payload);
      // 5.7.3: what is older than what is known does not count.
      if (state == null || state.timestamp() < told) {
        return;
      }
      told = state.timestamp();
      gone = online && !state.online();
      online = state.online();
    }
    if (gone) {
      ear.gone();
    }
  }

  /** The connection is gone: what it said may have changed when there is one again. */
  synchronized void lost() {
    online = false;
    told = Long.MIN_VALUE;
  }

  /** A payload of 6.5: {@code {"online":true,"timestamp":1668114759262}}. */
  private record State(boolean online, long timestamp) {
    static @org.jspecify.annotations.Nullable State read(byte[] payload) {
      if (payload.length > MAX_STATE) {
        LOG.warn("STATE of the primary host: expected at most {} bytes, ignored", MAX_STATE);
        return null;
      }
      try {
        JsonObject json =
            JsonParser.parseString(new String(payload, StandardCharsets.UTF_8)).getAsJsonObject();
        return new State(
            json.getAsJsonPrimitive("online").getAsBoolean(),
            json.getAsJsonPrimitive("timestamp").getAsLong());
      } catch (JsonParseException
          | IllegalStateException
          | ClassCastException
          | NumberFormatException
          | NullPointerException e) {
        LOG.warn("STATE of the primary host: expected online and timestamp, ignored", e);
        return null;
      }
    }
  }
}
