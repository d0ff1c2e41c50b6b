package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.awsiot.internal.json.JsonText;
import io.snaprail.awsiot.internal.json.JsonValues;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A shadow at AWS, as far as a device sees it: AWS IoT Core developer guide, "Device Shadow service
 * documents". Answers wait in {@link #toDevice} until the test delivers or loses them.
 */
final class ShadowService {
  final Map<ShadowPath, JsonElement> reported = new LinkedHashMap<>();
  final Map<ShadowPath, Wish> desired = new LinkedHashMap<>();
  final Deque<Message> toDevice = new ArrayDeque<>();
  long version;
  long time = 1_700_000_000;
  private boolean exists;

  record Message(String kind, JsonObject document) {}

  void request(String operation, JsonObject document) {
    String token = JsonText.text(document, "clientToken").orElse("");
    if (operation.equals("get")) {
      get(token);
    } else {
      update(document, token);
    }
  }

  private void get(String token) {
    if (!exists) {
      reject("get/rejected", 404, "No shadow exists with name: x", token);
      return;
    }
    JsonObject state = new JsonObject();
    state.add("reported", tree(reported));
    JsonObject metadata = new JsonObject();
    Map<ShadowPath, JsonElement> wishes = new LinkedHashMap<>();
    Map<ShadowPath, JsonElement> times = new LinkedHashMap<>();
    desired.forEach(
        (path, wish) -> {
          wishes.put(path, wish.value());
          times.put(path, time(wish));
        });
    state.add("desired", tree(wishes));
    metadata.add("desired", tree(times));
    send("get/accepted", state, metadata, token);
  }

  /** Somebody in the cloud desires something. */
  void desire(ShadowPath path, JsonElement value) {
    JsonObject state = new JsonObject();
    JsonObject section = new JsonObject();
    path.put(section, value);
    state.add("desired", section);
    JsonObject document = new JsonObject();
    document.add("state", state);
    update(document, "");
  }

  private void update(JsonObject document, String token) {
    long wanted = JsonText.whole(document, "version").orElse(version);
    if (wanted != version) {
      reject("update/rejected", 409, "Version conflict", token);
      return;
    }
    exists = true;
    version++;
    JsonObject state = JsonText.child(document, "state");
    JsonObject metadata = new JsonObject();
    Map<ShadowPath, JsonElement> times = new LinkedHashMap<>();
    ShadowPath.leaves(JsonText.child(state, "reported"))
        .forEach((path, leaf) -> change(reported, path, leaf));
    ShadowPath.leaves(JsonText.child(state, "desired"))
        .forEach(
            (path, leaf) -> {
              if (leaf.isJsonNull()) {
                desired.remove(path);
              } else {
                Wish wish = new Wish(leaf, time);
                desired.put(path, wish);
                times.put(path, time(wish));
              }
            });
    delta(token);
    metadata.add("desired", tree(times));
    send("update/accepted", state, metadata, token);
  }

  private void delta(String token) {
    Map<ShadowPath, JsonElement> differing = new LinkedHashMap<>();
    Map<ShadowPath, JsonElement> times = new LinkedHashMap<>();
    desired.forEach(
        (path, wish) -> {
          if (!JsonValues.same(wish.value(), reported.get(path))) {
            differing.put(path, wish.value());
            times.put(path, time(wish));
          }
        });
    if (!differing.isEmpty()) {
      send("update/delta", tree(differing), tree(times), token);
    }
  }

  private void send(String kind, JsonObject state, JsonObject metadata, String token) {
    JsonObject document = new JsonObject();
    document.add("state", state);
    document.add("metadata", metadata);
    document.addProperty("version", version);
    document.addProperty("timestamp", time);
    if (!token.isEmpty()) {
      document.addProperty("clientToken", token);
    }
    toDevice.add(new Message(kind, document));
  }

  private void reject(String kind, int code, String words, String token) {
    JsonObject document = new JsonObject();
    document.addProperty("code", code);
    document.addProperty("message", words);
    document.addProperty("timestamp", time);
    document.addProperty("clientToken", token);
    toDevice.add(new Message(kind, document));
  }

  private static void change(
      Map<ShadowPath, JsonElement> section, ShadowPath path, JsonElement leaf) {
    if (leaf.isJsonNull()) {
      section.remove(path);
    } else {
      section.put(path, leaf);
    }
  }

  private static JsonObject time(Wish wish) {
    JsonObject time = new JsonObject();
    time.add("timestamp", new JsonPrimitive(wish.timestamp()));
    return time;
  }

  private static JsonObject tree(Map<ShadowPath, ? extends JsonElement> leaves) {
    JsonObject tree = new JsonObject();
    leaves.forEach((path, leaf) -> path.put(tree, leaf));
    return tree;
  }
}
