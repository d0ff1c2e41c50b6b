package io.snaprail.awsiot.internal.shadow;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which leaves there are. What is not seen for {@link #GRACE} is gone; and at the start nothing is
 * taken to be gone for as long: devices come one after the other, and a bundle that is replaced
 * comes back. Used by one thread.
 */
final class Presence {
  /** How long something may be away. */
  static final Duration GRACE = Duration.ofSeconds(60);

  private final LongSupplier nanos;
  private final long since;
  private final Map<String, Map<ShadowPath, Long>> seen = new HashMap<>();

  Presence(LongSupplier nanos) {
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  /** It is there. */
  void seen(String shadow, ShadowPath path) {
    seen.computeIfAbsent(shadow, name -> new HashMap<>()).put(path, nanos.getAsLong());
  }

  /** What is there of a shadow; empty while that is not known yet. */
  Optional<Set<ShadowPath>> settled(String shadow) {
    long now = nanos.getAsLong();
    if (now - since < GRACE.toNanos()) {
      return Optional.empty();
    }
    Map<ShadowPath, Long> leaves = seen.getOrDefault(shadow, new HashMap<>());
    leaves.values().removeIf(at -> now - at >= GRACE.toNanos());
    return Optional.of(Set.copyOf(leaves.keySet()));
  }
}
