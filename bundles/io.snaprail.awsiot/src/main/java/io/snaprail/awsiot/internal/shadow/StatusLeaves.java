package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.snaprail.awsiot.internal.shadow.ShadowTarget.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is reported of desired values that were not carried out: below {@code _status}. */
final class StatusLeaves {
  private static final String STATUS = "_status";

  private StatusLeaves() {}

  /** The leaves for an outcome; those of an earlier one are taken back when this one is done. */
  static Map<ShadowPath, JsonElement> of(ShadowPath path, Outcome outcome, CloudCopy cloud) {
    Map<ShadowPath, JsonElement> leaves = new LinkedHashMap<>();
    ShadowPath code = leaf(path, "code");
    Wish wish = cloud.desired(path);
    if (!outcome.done()) {
      leaves.put(code, new JsonPrimitive(outcome.code()));
      leaves.put(leaf(path, "message"), new JsonPrimitive(outcome.message()));
      leaves.put(
          leaf(path, "desiredAt"),
          wish == null ? JsonNull.INSTANCE : new JsonPrimitive(wish.timestamp()));
    } else if (cloud.reported(code) != null) {
      leaves.put(code, JsonNull.INSTANCE);
      leaves.put(leaf(path, "message"), JsonNull.INSTANCE);
      leaves.put(leaf(path, "desiredAt"), JsonNull.INSTANCE);
    }
    return leaves;
  }

  /** Whether a leaf is one of these. */
  static boolean isOne(ShadowPath path) {
    return path.keys().get(0).equals(STATUS);
  }

  private static ShadowPath leaf(ShadowPath path, String name) {
    return ShadowPath.of(STATUS, path.toString(), name);
  }
}
