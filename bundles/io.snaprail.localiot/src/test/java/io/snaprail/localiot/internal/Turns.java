package io.snaprail.localiot.internal;

import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.limits.Quotas;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A client id may connect once in a second, at AWS as at a strict endpoint: tests wait for that.
 */
final class Turns {
  private static final long BETWEEN = Duration.ofSeconds(1).toNanos() / Quotas.CONNECTS_PER_SECOND;
  private static final Map<String, Long> TAKEN = new ConcurrentHashMap<>();

  private Turns() {}

  /** Something that connects. */
  @FunctionalInterface
  interface Connect {
    void run() throws Exception;
  }

  /** Connects when the client id's turn has come. */
  static void connect(String clientId, Connect connect) throws Exception {
    Long before = TAKEN.get(clientId);
    if (before != null) {
      await().until(() -> System.nanoTime() - before > BETWEEN);
    }
    connect.run();
    TAKEN.put(clientId, System.nanoTime());
  }
}
