package io.snaprail.localiot.internal.broker;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Tells who comes and goes, on {@code $aws/events/presence/...} and {@code
 * $aws/events/subscriptions/...} (developer guide, "Lifecycle events"). Safe for any thread.
 */
final class Presence {
  private static final String TOPIC = "$aws/events/";

  private final BiConsumer<String, byte[]> publisher;
  private final LongSupplier nanoTime;
  private final Clock clock;

  /** By client id, the longest unchanged first; guarded by itself. */
  private final Map<String, Seen> seen = new LinkedHashMap<>();

  Presence(BiConsumer<String, byte[]> publisher, LongSupplier nanoTime, Clock clock) {
    this.publisher = publisher;
    this.nanoTime = nanoTime;
    this.clock = clock;
  }

  /**
   * One stay of a client.
   *
   * @param clientId its id
   * @param session made up anew for each connection
   * @param principal id of its certificate
   * @param version orders the stays of a client
   */
  record Stay(String clientId, String session, String principal, long version) {}

  /** What is remembered of a client id. */
  private record Seen(long version, int connections, long changed) {}

  /** A client has connected. */
  Stay connected(String clientId, String principal, String address) {
    long version;
    synchronized (seen) {
      Seen old = seen.remove(clientId);
      version = old == null ? 0 : old.version + 1;
      int connections = (old == null ? 0 : old.connections) + 1;
      seen.put(clientId, new Seen(version, connections, nanoTime.getAsLong()));
    }
    Stay stay =
        new Stay(clientId, UUID.randomUUID().toString().replace("-", ""), principal, version);
    JsonObject event = event(stay, "connected");
    event.addProperty("ipAddress", address);
    event.addProperty("versionNumber", version);
    publish("presence/connected/", stay, event);
    return stay;
  }

  /** It has gone. */
  void disconnected(Stay stay, DisconnectReason reason) {
    synchronized (seen) {
      Seen old = seen.remove(stay.clientId);
      if (old != null) {
        seen.put(
            stay.clientId,
            new Seen(old.version, Math.max(0, old.connections - 1), nanoTime.getAsLong()));
      }
    }
    JsonObject event = event(stay, "disconnected");
    event.addProperty(
        "clientInitiatedDisconnect", reason == DisconnectReason.CLIENT_INITIATED_DISCONNECT);
    event.addProperty("disconnectReason", reason.name());
    event.addProperty("versionNumber", stay.version);
    publish("presence/disconnected/", stay, event);
  }

  /** It has subscribed to filters, or unsubscribed. */
  void subscriptions(Stay stay, boolean subscribed, List<String> filters) {
    String what = subscribed ? "subscribed" : "unsubscribed";
    JsonObject event = event(stay, what);
    JsonArray topics = new JsonArray();
    filters.forEach(topics::add);
    event.add("topics", topics);
    publish("subscriptions/" + what + "/", stay, event);
  }

  /** Forgets clients that have been away for long: their versions begin at 0 again. */
  void expire() {
    long now = nanoTime.getAsLong();
    synchronized (seen) {
      Iterator<Seen> all = seen.values().iterator();
      while (all.hasNext()) {
        Seen one = all.next();
        if (one.connections == 0
            && (now - one.changed >= Quotas.PRESENCE_FORGOTTEN.toNanos()
                || seen.size() > Quotas.SESSIONS)) {
          all.remove();
        }
      }
    }
  }

  private JsonObject event(Stay stay, String type) {
    JsonObject event = new JsonObject();
    event.addProperty("clientId", stay.clientId);
    event.addProperty("timestamp", clock.millis());
    event.addProperty("eventType", type);
    event.addProperty("sessionIdentifier", stay.session);
    event.addProperty("principalIdentifier", stay.principal);
    return event;
  }

  private void publish(String kind, Stay stay, JsonObject event) {
    // Ids with # or + get no events: they would make no topic.
    if (!Topics.hasWildcard(stay.clientId)) {
      byte[] payload = StrictJson.write(event).getBytes(StandardCharsets.UTF_8);
      publisher.accept(TOPIC + kind + stay.clientId, payload);
    }
  }

  /** Versions by client id, for tests. */
  Map<String, Long> versions() {
    synchronized (seen) {
      Map<String, Long> versions = new HashMap<>();
      seen.forEach((id, one) -> versions.put(id, one.version));
      return versions;
    }
  }
}
