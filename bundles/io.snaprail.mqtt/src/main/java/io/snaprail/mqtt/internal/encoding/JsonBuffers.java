package io.snaprail.mqtt.internal.encoding;

import java.util.concurrent.atomic.AtomicReference;

/** Keeps one buffer for the next text, so that two threads never share one. */
final class JsonBuffers {
  private final AtomicReference<JsonBytes> spare = new AtomicReference<>(new JsonBytes());

  /** The kept one, or a new one while somebody else has it. */
  JsonBytes take() {
    JsonBytes kept = spare.getAndSet(null);
    return kept == null ? new JsonBytes() : kept;
  }

  void give(JsonBytes used) {
    spare.set(used);
  }
}
