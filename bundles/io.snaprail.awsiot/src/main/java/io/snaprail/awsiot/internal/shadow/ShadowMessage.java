package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of the shadow service. AWS IoT Core developer guide, "Device Shadow service documents".
 *
 * @param document as it came
 */
record ShadowMessage(JsonObject document) {

  long version() {
    return JsonText.whole(document, "version").orElse(0L);
  }

  /** AWS's time, in seconds. */
  long timestamp() {
    return JsonText.whole(document, "timestamp").orElse(0L);
  }

  String token() {
    return JsonText.text(document, "clientToken").orElse("");
  }

  /** Code of a rejection, such as 409; 0 when there is none. */
  int code() {
    return JsonText.whole(document, "code").map(Long::intValue).orElse(0);
  }

  String words() {
    return JsonText.text(document, "message").orElse("no reason given");
  }

  /** The desired leaves of an answer to {@code get} or {@code update}. */
  Map<ShadowPath, Wish> desired() {
    return Wish.of(
        JsonText.child(state(), "desired"),
        JsonText.child(JsonText.child(document, "metadata"), "desired"));
  }

  /** Whether the section of desired values was removed as a whole. */
  boolean desiredRemoved() {
    JsonObject state = state();
    return state != null && state.has("desired") && state.get("desired").isJsonNull();
  }

  /** The leaves of a delta message, which is flat. */
  Map<ShadowPath, Wish> delta() {
    return Wish.of(state(), JsonText.child(document, "metadata"));
  }

  /** The reported leaves of an answer to {@code get} or {@code update}. */
  Map<ShadowPath, JsonElement> reported() {
    return ShadowPath.leaves(JsonText.child(state(), "reported"));
  }

  private @Nullable JsonObject state() {
    return JsonText.child(document, "state");
  }
}
