package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A desired leaf.
 *
 * @param value what is desired
 * @param timestamp when it was, in seconds, by AWS's clock
 */
record Wish(JsonElement value, long timestamp) {

  /** The leaves of a section with the times that its metadata gives them; 0 where it gives none. */
  static Map<ShadowPath, Wish> of(@Nullable JsonObject section, @Nullable JsonObject metadata) {
    Map<ShadowPath, Wish> wishes = new LinkedHashMap<>();
    ShadowPath.leaves(section)
        .forEach((path, leaf) -> wishes.put(path, new Wish(leaf, latest(path.in(metadata)))));
    return wishes;
  }

  // An array's metadata is an array of its elements' metadata.
  private static long latest(@Nullable JsonElement metadata) {
    if (metadata instanceof JsonArray array) {
      long latest = 0;
      for (JsonElement one : array) {
        latest = Math.max(latest, latest(one));
      }
      return latest;
    }
    return metadata instanceof JsonObject object
        ? JsonText.whole(object, "timestamp").orElse(0L)
        : 0;
  }
}
