package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

  /**
   * Takes out of some changes what the shadow would have no room for.
   *
   * @param mostBytes how large desired and reported state may be
   * @return what was left out, in order; empty when all of it fits
   */
  List<ShadowPath> leaveOut(Map<ShadowPath, JsonElement> changes, int mostBytes) {
    List<ShadowPath> left = new ArrayList<>();
    if (sizeWith(changes) <= mostBytes) {
      return left;
    }
    Map<ShadowPath, JsonElement> all = new TreeMap<>(changes);
    changes.clear();
    all.forEach(
        (path, value) -> {
          changes.put(path, value);
          if (sizeWith(changes) > mostBytes) {
            changes.remove(path);
            left.add(path);
          }
        });
    return left;
  }

  /**
   * The request that reports.
   *
   * @param unwanted desired leaves that are taken back
   */
  JsonObject update(Map<ShadowPath, JsonElement> changes, Set<ShadowPath> unwanted) {
    JsonObject told = new JsonObject();
    changes.forEach((path, value) -> path.put(told, value));
    JsonObject state = new JsonObject();
    state.add("reported", told);
    JsonObject document = new JsonObject();
    if (!unwanted.isEmpty()) {
      JsonObject taken = new JsonObject();
      unwanted.forEach(path -> path.put(taken, JsonNull.INSTANCE));
      state.add("desired", taken);
      // Only if nobody has desired something else meanwhile.
      document.addProperty("version", version);
    }
    document.add("state", state);
    return document;
  }
}
