package io.snaprail.localiot.internal.shadow;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One section of a shadow, {@code desired} or {@code reported}: values, and for each leaf when it
 * was last set. Nothing here changes an instance; the JSON inside is not changed by anybody.
 *
 * @param state values
 * @param metadata the same tree with <code>{"timestamp":seconds}</code> for leaves; arrays hold one
 *     for each element
 */
record Section(JsonObject state, JsonObject metadata) {
  private static final String TIMESTAMP = "timestamp";

  static Section empty() {
    return new Section(new JsonObject(), new JsonObject());
  }

  /** What was sent, with its metadata: for {@code update/accepted}, where nulls stay. */
  static Section ofSent(JsonObject sent, long timestamp) {
    return new Section(sent, metadataOf(sent, timestamp));
  }

  /** With what was sent merged in: objects key by key, null removes, all else replaces. */
  Section merge(JsonObject sent, long timestamp) {
    JsonObject mergedState = state.deepCopy();
    JsonObject mergedMetadata = metadata.deepCopy();
    merge(mergedState, mergedMetadata, sent, timestamp);
    return new Section(mergedState, mergedMetadata);
  }

  /**
   * Every leaf here that the other section does not have or has otherwise; nested paths are kept.
   * Null when there is none.
   */
  @Nullable Section differenceTo(JsonObject other) {
    JsonObject differing = new JsonObject();
    JsonObject times = new JsonObject();
    difference(this, other, new Section(differing, times));
    return differing.isEmpty() ? null : new Section(differing, times);
  }

  private static void merge(
      JsonObject state, JsonObject metadata, JsonObject sent, long timestamp) {
    for (Map.Entry<String, JsonElement> entry : sent.entrySet()) {
      String key = entry.getKey();
      JsonElement value = entry.getValue();
      if (value.isJsonNull()) {
        state.remove(key);
        metadata.remove(key);
      } else if (value.isJsonObject()) {
        JsonObject inner = objectAt(state, key);
        JsonObject innerMetadata = objectAt(metadata, key);
        if (!hadObject(state, key)) {
          // A leaf becomes a tree: the leaf's own timestamp must not stay as if it were a key.
          innerMetadata = new JsonObject();
        }
        merge(inner, innerMetadata, value.getAsJsonObject(), timestamp);
        state.add(key, inner);
        metadata.add(key, innerMetadata);
      } else {
        state.add(key, value.deepCopy());
        metadata.add(key, metadataOf(value, timestamp));
      }
    }
  }

  private static boolean hadObject(JsonObject state, String key) {
    JsonElement old = state.get(key);
    return old != null && old.isJsonObject();
  }

  private static JsonObject objectAt(JsonObject parent, String key) {
    JsonElement old = parent.get(key);
    return old != null && old.isJsonObject() ? old.getAsJsonObject() : new JsonObject();
  }

  private static void difference(Section desired, JsonObject reported, Section out) {
    for (Map.Entry<String, JsonElement> entry : desired.state().entrySet()) {
      String key = entry.getKey();
      JsonElement wanted = entry.getValue();
      JsonElement actual = reported.get(key);
      JsonElement times = desired.metadata().get(key);
      if (actual == null) {
        add(out, key, wanted, times);
      } else if (wanted.isJsonObject() && actual.isJsonObject()) {
        Section inner = new Section(wanted.getAsJsonObject(), objectAt(desired.metadata(), key));
        Section differing = inner.differenceTo(actual.getAsJsonObject());
        if (differing != null) {
          add(out, key, differing.state(), differing.metadata());
        }
      } else if (!StrictJson.same(wanted, actual)) {
        add(out, key, wanted, times);
      }
    }
  }

  private static void add(Section out, String key, JsonElement value, @Nullable JsonElement times) {
    out.state().add(key, value);
    out.metadata().add(key, times == null ? new JsonObject() : times);
  }

  private static JsonObject metadataOf(JsonObject object, long timestamp) {
    JsonObject metadata = new JsonObject();
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      if (!entry.getValue().isJsonNull()) {
        metadata.add(entry.getKey(), metadataOf(entry.getValue(), timestamp));
      }
    }
    return metadata;
  }

  private static JsonElement metadataOf(JsonElement value, long timestamp) {
    if (value.isJsonObject()) {
      return metadataOf(value.getAsJsonObject(), timestamp);
    }
    if (value.isJsonArray()) {
      JsonArray array = new JsonArray();
      value.getAsJsonArray().forEach(element -> array.add(metadataOf(element, timestamp)));
      return array;
    }
    JsonObject leaf = new JsonObject();
    leaf.addProperty(TIMESTAMP, timestamp);
    return leaf;
  }
}
