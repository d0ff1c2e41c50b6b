package io.snaprail.mqtt.internal.session;

import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Filters that shall stand and who takes their messages. Not a record: a handler may stand twice
 * for the same filter, and each ends by itself.
 */
final class Standing {
  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

  private final List<String> filters;
  private final MessageHandler handler;

  // What the handler was told, and whether it is still to be told of a loss because its queue was
  // full. Of the supervisor's thread.
  private boolean ready;
  private boolean lossDue;

  Standing(List<String> filters, MessageHandler handler) {
    this.filters = List.copyOf(filters);
    this.handler = handler;
  }

  List<String> filters() {
    return filters;
  }

  boolean matches(String topic) {
    return filters.stream().anyMatch(filter -> TopicFilter.matches(filter, topic));
  }

  /** Tells the handler, once, when every filter is answered. */
  void announce(Worker worker, Set<String> answered, Set<String> refused) {
    if (lossDue) {
      lossDue = !worker.offer(() -> call(MessageHandler::lost));
    }
    if (ready || lossDue || !answered.containsAll(filters)) {
      return;
    }
    Set<String> mine = new HashSet<>(filters);
    mine.retainAll(refused);
    ready = worker.offer(() -> call(to -> to.ready(Set.copyOf(mine))));
  }

  /** Tells the handler that the connection is gone, if it was told of one. */
  void lost(Worker worker) {
    if (ready) {
      ready = false;
      lossDue = !worker.offer(() -> call(MessageHandler::lost));
    }
  }

  // A foreign handler is a task of its own: its fault must not cost the others their messages.
  @SuppressWarnings("CatchingUnchecked")
  void call(Consumer<MessageHandler> what) {
    try {
      what.accept(handler);
    } catch (Exception e) {
      LOG.error("the handler of {} failed", filters, e);
    }
  }
}
