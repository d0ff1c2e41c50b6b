package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last retained message of each topic, in memory, bounded. Safe for any thread. */
final class RetainedMessages {
  private final Map<String, Message> messages = new HashMap<>();
  private long bytes;
  private boolean changed;

  /** Keeps, replaces or (with an empty payload) removes; false when there is no room. */
  synchronized boolean put(Message message) {
    Message old = messages.get(message.topic());
    long freed = old == null ? 0 : old.weight();
    if (message.payload().length == 0) {
      changed |= old != null;
      messages.remove(message.topic());
      bytes -= freed;
      return true;
    }
    if ((old == null && messages.size() >= Quotas.RETAINED_MESSAGES)
        || bytes - freed + message.weight() > Quotas.RETAINED_BYTES) {
      return false;
    }
    messages.put(message.topic(), message);
    changed = true;
    bytes += message.weight() - freed;
    return true;
  }

  /** All of them when they have changed since the last time it was asked; else empty. */
  synchronized Optional<List<Message>> takeChanged() {
    boolean was = changed;
    changed = false;
    return was ? Optional.of(List.copyOf(messages.values())) : Optional.empty();
  }

  /** They are not on disk after all. */
  synchronized void markChanged() {
    changed = true;
  }

  /** Takes over what was on disk. */
  synchronized void restore(List<Message> kept) {
    kept.forEach(this::put);
    changed = false;
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
