package io.snaprail.driver.modbus.internal.connection;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The transaction identifiers of requests that were given up, or refused by a gateway, and whose
 * answer may come yet. Such an answer is dropped, and none of them is used again before ten minutes
 * have passed. Guarded by the lock of its connection.
 */
final class LateAnswers {
  private static final long AGE_NANOS = Duration.ofMinutes(10).toNanos();

  /** Half of all identifiers: then a new connection, where all can be used again. */
  private static final int MANY = 32_768;

  /** When each was given up, the oldest first. */
  private final Map<Integer, Long> since = new LinkedHashMap<>();

  void expect(int transaction, long now) {
    Iterator<Long> oldest = since.values().iterator();
    while (oldest.hasNext() && now - oldest.next() > AGE_NANOS) {
      oldest.remove();
    }
    since.put(transaction, now);
  }

  boolean expects(int transaction) {
    return since.containsKey(transaction);
  }

  /** It has come; false when it was not expected. */
  boolean came(int transaction) {
    return since.remove(transaction) != null;
  }

  boolean any() {
    return !since.isEmpty();
  }

  /** Whether it is time for a new connection. */
  boolean many() {
    return since.size() > MANY;
  }

  void clear() {
    since.clear();
  }
}
