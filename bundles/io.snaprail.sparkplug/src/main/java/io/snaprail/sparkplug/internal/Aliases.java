package io.snaprail.sparkplug.internal;

import io.snaprail.sparkplug.internal.wire.Metric;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that stand for metrics after a birth: unique within the edge node (specification 3.0.0,
 * 6.4.6). Given by the connection's thread, read by any.
 */
final class Aliases {
  private final AtomicLong last = new AtomicLong(Metric.NO_ALIAS);
  private final Map<Long, Owner> owners = new ConcurrentHashMap<>();

  /** Whose it is. */
  record Owner(String device, String point) {}

  long give(String device, String point) {
    long alias = last.incrementAndGet();
    owners.put(alias, new Owner(device, point));
    return alias;
  }

  @Nullable Owner owner(long alias) {
    return owners.get(alias);
  }

  void forget(long alias) {
    owners.remove(alias);
  }
}
