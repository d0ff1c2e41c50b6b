package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonText;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of a shadow as AWS has it. Used by one thread. */
final class CloudCopy {
  private long version;
  private final Map<ShadowPath, JsonElement> reported = new HashMap<>();
  private final Map<ShadowPath, Wish> desired = new HashMap<>();

  long version() {
    return version;
  }

  /** Everything anew, from an answer to {@code get}. */
  void replace(ShadowMessage all) {
    clear(all.version());
    reported.putAll(all.reported());
    desired.putAll(all.desired());
  }

  /** There is no shadow, or none any more. */
  void clear(long atVersion) {
    version = atVersion;
    reported.clear();
    desired.clear();
  }

  /**
   * A newer version is there.
   *
   * @return whether there was one in between that was not heard of
   */
  boolean advance(long to) {
    boolean gap = to > version + 1;
    version = Math.max(version, to);
    return gap;
  }

  /** Somebody's update, which carries only what it changed. */
  void merge(ShadowMessage update) {
    if (update.desiredRemoved()) {
      desired.clear();
    }
    update
        .desired()
        .forEach(
            (path, wish) -> {
              if (wish.value().isJsonNull()) {
                desired.remove(path);
              } else {
                desired.put(path, wish);
              }
            });
    report(update.reported());
  }

  /** Our own update was accepted. */
  void report(Map<ShadowPath, JsonElement> leaves) {
    leaves.forEach(
        (path, leaf) -> {
          if (leaf.isJsonNull()) {
            reported.remove(path);
          } else {
            reported.put(path, leaf);
          }
        });
  }

  void want(ShadowPath path, Wish wish) {
    desired.put(path, wish);
  }

  void unwant(ShadowPath path) {
    desired.remove(path);
  }

  Set<ShadowPath> reported() {
    return Set.copyOf(reported.keySet());
  }

  @Nullable JsonElement reported(ShadowPath path) {
    return reported.get(path);
  }

  @Nullable Wish desired(ShadowPath path) {
    return desired.get(path);
  }

  Map<ShadowPath, Wish> desired() {
    return Map.copyOf(desired);
  }

  /**
   * How large desired and reported state would be, in bytes of JSON; AWS does not count metadata.
   */
  int sizeWith(Map<ShadowPath, JsonElement> changes) {
    Map<ShadowPath, JsonElement> after = new HashMap<>(reported);
    changes.forEach(
        (path, leaf) -> {
          if (leaf.isJsonNull()) {
            after.remove(path);
          } else {
            after.put(path, leaf);
          }
        });
    JsonObject one = new JsonObject();
    after.forEach((path, leaf) -> path.put(one, leaf));
    JsonObject other = new JsonObject();
    desired.forEach((path, wish) -> path.put(other, wish.value()));
    return JsonText.bytes(one).length + JsonText.bytes(other).length;
  }
}
