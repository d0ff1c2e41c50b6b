package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last retained message of each topic, in memory, bounded. Safe for any thread. */
final class RetainedMessages {
  private final Map<String, Message> messages = new HashMap<>();
  private long bytes;

  /** Keeps, replaces or (with an empty payload) removes; false when there is no room. */
  synchronized boolean put(Message message) {
    Message old = messages.get(message.topic());
    long freed = old == null ? 0 : old.weight();
    if (message.payload().length == 0) {
      messages.remove(message.topic());
      bytes -= freed;
      return true;
    }
    if ((old == null && messages.size() >= Quotas.RETAINED_MESSAGES)
        || bytes - freed + message.weight() > Quotas.RETAINED_BYTES) {
      return false;
    }
    messages.put(message.topic(), message);
    bytes += message.weight() - freed;
    return true;
  }

  /**
   * The message that a new subscription gets. Filters with wildcards get none: AWS IoT Core
   * developer guide, "MQTT retained messages".
   */
  synchronized Optional<Message> forFilter(String filter) {
    return Topics.hasWildcard(filter)
        ? Optional.empty()
        : Optional.ofNullable(messages.get(filter));
  }
}
