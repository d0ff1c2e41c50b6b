package io.snaprail.localiot.internal.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members of an object that have to be there and of one type; what is not is named. */
public final class Members {
  private Members() {}

  /** A member that is an object. */
  public static JsonObject object(JsonObject parent, String name) throws JsonException {
    if (parent.get(name) instanceof JsonObject object) {
      return object;
    }
    throw wrong(name, "an object", parent.get(name));
  }

  /** A member that is a string. */
  public static String string(JsonObject parent, String name) throws JsonException {
    return string(name, parent.get(name));
  }

  /** A member that is a whole number, 0 to 10^18 - 1. */
  public static long number(JsonObject parent, String name) throws JsonException {
    if (parent.get(name) instanceof JsonPrimitive number
        && number.isNumber()
        && number.getAsString().matches("[0-9]{1,18}")) {
      return number.getAsLong();
    }
    throw wrong(name, "a whole number", parent.get(name));
  }

  /** A member that is a boolean. */
  public static boolean bool(JsonObject parent, String name) throws JsonException {
    if (parent.get(name) instanceof JsonPrimitive bool && bool.isBoolean()) {
      return bool.getAsBoolean();
    }
    throw wrong(name, "a boolean", parent.get(name));
  }

  /** A member that is an array of strings. */
  public static List<String> strings(JsonObject parent, String name) throws JsonException {
    if (!(parent.get(name) instanceof JsonArray array)) {
      throw wrong(name, "an array", parent.get(name));
    }
    List<String> strings = new ArrayList<>();
    for (JsonElement element : array) {
      strings.add(string(name, element));
    }
    return strings;
  }

  private static String string(String name, @Nullable JsonElement element) throws JsonException {
    if (element instanceof JsonPrimitive text && text.isString()) {
      return text.getAsString();
    }
    throw wrong(name, "a string", element);
  }

  private static JsonException wrong(String name, String expected, @Nullable JsonElement found) {
    return new JsonException(
        "%s: expected %s, found %s"
            .formatted(name, expected, found == null ? "nothing" : StrictJson.kind(found)));
  }
}
