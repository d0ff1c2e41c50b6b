package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a leaf stands in a section of a shadow. A leaf is whatever is no object; arrays are leaves,
 * as shadows replace them whole.
 *
 * @param keys from the section's top; one at least
 */
public record ShadowPath(List<String> keys) implements Comparable<ShadowPath> {
  /** More levels than any shadow may have. */
  private static final int DEEPEST = 16;

  /** Copies. */
  public ShadowPath {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.size() > DEEPEST) {
      throw new IllegalArgumentException("expected 1.." + DEEPEST + " keys, found " + keys);
    }
  }

  /** A path of these keys. */
  public static ShadowPath of(String... keys) {
    return new ShadowPath(List.of(keys));
  }

  /** The leaves of an object, in their order; none below the deepest level. */
  static Map<ShadowPath, JsonElement> leaves(@Nullable JsonObject object) {
    Map<ShadowPath, JsonElement> leaves = new LinkedHashMap<>();
    if (object != null) {
      collect(object, List.of(), leaves);
    }
    return leaves;
  }

  private static void collect(
      JsonObject object, List<String> above, Map<ShadowPath, JsonElement> leaves) {
    if (above.size() >= DEEPEST) {
      return;
    }
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      List<String> keys = new java.util.ArrayList<>(above);
      keys.add(entry.getKey());
      if (entry.getValue().isJsonObject()) {
        collect(entry.getValue().getAsJsonObject(), keys, leaves);
      } else {
        leaves.put(new ShadowPath(keys), entry.getValue());
      }
    }
  }

  /** Puts a leaf into an object, with the objects that lead to it. */
  void put(JsonObject into, JsonElement leaf) {
    JsonObject at = into;
    for (String key : keys.subList(0, keys.size() - 1)) {
      JsonElement next = at.get(key);
      if (next == null || !next.isJsonObject()) {
        next = new JsonObject();
        at.add(key, next);
      }
      at = next.getAsJsonObject();
    }
    at.add(keys.get(keys.size() - 1), leaf);
  }

  /** The leaf at this place; null when there is none. */
  @Nullable JsonElement in(@Nullable JsonObject object) {
    JsonElement at = object;
    for (String key : keys) {
      at = at != null && at.isJsonObject() ? at.getAsJsonObject().get(key) : null;
    }
    return at;
  }

  @Override
  public int compareTo(ShadowPath other) {
    return toString().compareTo(other.toString());
  }

  /** With dots between the keys, for people. */
  @Override
  public String toString() {
    return keys.stream().collect(Collectors.joining("."));
  }
}
