package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.console.internal.access.Refusal;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a configuration as JSON: texts, booleans, numbers and lists of them. In Java they
 * are {@link String}, {@link Boolean}, {@link Long} or {@link Double}, and {@link List}s.
 */
final class SettingsJson {
  private SettingsJson() {}

  /** Settings from a body's {@code settings}. */
  static Map<String, Object> read(JsonObject body) throws Refusal {
    JsonElement settings = body.get("settings");
    if (settings == null || !settings.isJsonObject()) {
      throw wrong("settings", "an object with the settings by their keys");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : settings.getAsJsonObject().entrySet()) {
      values.put(entry.getKey(), value(entry.getKey(), entry.getValue()));
    }
    return values;
  }

  /** Texts from an optional object of a body, such as {@code parameters}. */
  static Map<String, String> texts(JsonObject body, String key) throws Refusal {
    JsonElement given = body.get(key);
    if (given == null) {
      return Map.of();
    }
    if (!given.isJsonObject()) {
      throw wrong(key, "an object");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : given.getAsJsonObject().entrySet()) {
      if (!entry.getValue().isJsonPrimitive()) {
        throw wrong(key + "." + entry.getKey(), "a text, a number, true or false");
      }
      texts.put(entry.getKey(), entry.getValue().getAsString());
    }
    return texts;
  }

  private static Object value(String key, JsonElement json) throws Refusal {
    if (!json.isJsonArray()) {
      return scalar(key, json);
    }
    List<Object> items = new ArrayList<>();
    for (JsonElement item : json.getAsJsonArray()) {
      Object value = scalar(key, item);
      if (!items.isEmpty() && items.get(0).getClass() != value.getClass()) {
        throw wrong("settings." + key, "a list of one kind: texts, whole numbers, ...");
      }
      items.add(value);
    }
    return List.copyOf(items);
  }

  private static Object scalar(String key, JsonElement json) throws Refusal {
    if (!json.isJsonPrimitive()) {
      throw wrong("settings." + key, "a text, a number, true, false or a list of them");
    }
    JsonPrimitive primitive = json.getAsJsonPrimitive();
    if (primitive.isBoolean()) {
      return primitive.getAsBoolean();
    }
    String text = primitive.getAsString();
    if (primitive.isString()) {
      return text;
    }
    try {
      return text.matches("-?\\d+") ? (Object) Long.valueOf(text) : (Object) Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw wrong("settings." + key, "a number of at most 64 bits");
    }
  }

  /** A value for Configuration Admin, which takes arrays of one type. */
  static Object forConfiguration(Object value) {
    if (!(value instanceof List<?> items)) {
      return value;
    }
    Class<?> type = items.isEmpty() ? String.class : items.get(0).getClass();
    Object array = Array.newInstance(type, items.size());
    for (int i = 0; i < items.size(); i++) {
      Array.set(array, i, items.get(i));
    }
    return array;
  }

  /** A value of Configuration Admin. */
  static JsonElement write(@Nullable Object value) {
    if (value instanceof Collection<?> items) {
      return Views.array(items, SettingsJson::write);
    }
    if (value != null && value.getClass().isArray()) {
      JsonArray array = new JsonArray();
      for (int i = 0; i < Array.getLength(value); i++) {
        array.add(write(Array.get(value, i)));
      }
      return array;
    }
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    boolean finite = value instanceof Number number && Double.isFinite(number.doubleValue());
    return finite ? new JsonPrimitive((Number) value) : new JsonPrimitive(String.valueOf(value));
  }

  private static Refusal wrong(String what, String expected) {
    return new Refusal(
        400, "bad_value", "The body is not right: \"" + what + "\" must be " + expected + ".");
  }
}
