package io.snaprail.localiot.internal.service;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.StrictJson;
import java.nio.charset.StandardCharsets;

/** Where services send what they have to say. Safe for any thread; nothing waits for a client. */
public interface Outbox {
  /** To everyone who has subscribed. */
  void publish(String topic, byte[] payload);

  /** To one client, whether it has subscribed or not, and to nobody else. */
  void answer(String clientId, String topic, byte[] payload);

  /** To everyone who has subscribed. */
  default void publish(String topic, JsonObject document) {
    publish(topic, bytes(document));
  }

  /** To one client and nobody else. */
  default void answer(String clientId, String topic, JsonObject document) {
    answer(clientId, topic, bytes(document));
  }

  /** A document as it goes over the wire. */
  static byte[] bytes(JsonObject document) {
    return StrictJson.write(document).getBytes(StandardCharsets.UTF_8);
  }
}
