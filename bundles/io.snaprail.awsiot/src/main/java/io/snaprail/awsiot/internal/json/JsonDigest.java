package io.snaprail.awsiot.internal.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.Sha256;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells whether two JSON documents say the same, whatever the order of their members. */
public final class JsonDigest {
  private JsonDigest() {}

  /** The same for the same members and values; numbers are compared as they are written. */
  public static String of(@Nullable JsonElement element) {
    return Sha256.hex(JsonText.bytes(sorted(element == null ? JsonNull.INSTANCE : element)));
  }

  private static JsonElement sorted(JsonElement element) {
    if (element instanceof JsonObject object) {
      JsonObject sorted = new JsonObject();
      new TreeMap<>(object.asMap()).forEach((key, value) -> sorted.add(key, sorted(value)));
      return sorted;
    }
    if (element instanceof JsonArray array) {
      JsonArray sorted = new JsonArray();
      array.forEach(each -> sorted.add(sorted(each)));
      return sorted;
    }
    return element;
  }
}
