package io.snaprail.localiot.internal.service;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many requests may be under way, together and for each key, and how many may come in a second.
 * Safe for any thread.
 */
public final class RequestGate {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Limits limits;
  private final LongSupplier nanoTime;

  // All below: guarded by this.
  private final Map<String, Integer> underWay = new HashMap<>();
  private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true);
  private int total;

  /**
   * The limits.
   *
   * @param total most requests under way together
   * @param perKey most requests under way for one key
   * @param perSecond most requests for one key in a second; 0 for any number
   */
  public record Limits(int total, int perKey, int perSecond) {}

  /** Measures seconds by {@code nanoTime}. */
  public RequestGate(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /** Lets a request in; {@link #leave} has to follow when it was. */
  public synchronized boolean enter(String key) {
    int ofKey = underWay.getOrDefault(key, 0);
    if (total >= limits.total() || ofKey >= limits.perKey() || !inTime(key)) {
      return false;
    }
    total++;
    underWay.put(key, ofKey + 1);
    return true;
  }

  /** A request is done. */
  public synchronized void leave(String key) {
    total--;
    underWay.computeIfPresent(key, (unused, count) -> count == 1 ? null : count - 1);
  }

  private boolean inTime(String key) {
    if (limits.perSecond() == 0) {
      return true;
    }
    long now = nanoTime.getAsLong();
    Window window = windows.get(key);
    if (window == null || now - window.start >= SECOND) {
      windows.put(key, new Window(now));
      if (windows.size() > limits.total()) {
        windows.remove(windows.keySet().iterator().next());
      }
      return true;
    }
    window.count++;
    return window.count <= limits.perSecond();
  }

  private static final class Window {
    final long start;
    int count = 1;

    Window(long start) {
      this.start = start;
    }
  }
}
