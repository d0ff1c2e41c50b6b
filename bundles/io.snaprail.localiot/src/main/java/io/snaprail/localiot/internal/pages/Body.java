package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a call; what is not as it has to be is named. */
final class Body {
  private final JsonObject json;

  private Body(JsonObject json) {
    this.json = json;
  }

  static Body of(ConsoleRequest request) throws ConsoleException {
    try {
      return new Body(
          request.body().isBlank() ? new JsonObject() : StrictJson.parseObject(request.body()));
    } catch (JsonException e) {
      throw new ConsoleException(400, "bad_json", String.valueOf(e.getMessage()));
    }
  }

  /** A text that has to be there. */
  String text(String name) throws ConsoleException {
    if (json.get(name) instanceof JsonPrimitive text && text.isString()) {
      return text.getAsString();
    }
    throw wrong(name, "a text");
  }

  /** A text; empty when it is not there. */
  String optional(String name) throws ConsoleException {
    return absent(json.get(name)) ? "" : text(name);
  }

  /** True or false; false when it is not there. */
  boolean flag(String name) throws ConsoleException {
    JsonElement value = json.get(name);
    if (absent(value)) {
      return false;
    }
    if (value instanceof JsonPrimitive flag && flag.isBoolean()) {
      return flag.getAsBoolean();
    }
    throw wrong(name, "true or false");
  }

  /** A whole number of a range that has to be there. */
  int number(String name, int least, int most) throws ConsoleException {
    if (json.get(name) instanceof JsonPrimitive number
        && number.isNumber()
        && number.getAsString().matches("-?[0-9]{1,9}")) {
      int value = number.getAsInt();
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw wrong(name, "a whole number, " + least + ".." + most);
  }

  /** Texts by their names; empty when it is not there. */
  Map<String, String> texts(String name) throws ConsoleException {
    Map<String, String> texts = new LinkedHashMap<>();
    if (absent(json.get(name))) {
      return texts;
    }
    if (!(json.get(name) instanceof JsonObject object)) {
      throw wrong(name, "an object of texts");
    }
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      if (!(entry.getValue() instanceof JsonPrimitive text) || !text.isString()) {
        throw wrong(name + "." + entry.getKey(), "a text");
      }
      texts.put(entry.getKey(), text.getAsString());
    }
    return texts;
  }

  boolean has(String name) {
    return !absent(json.get(name));
  }

  private static boolean absent(@Nullable JsonElement value) {
    return value == null || value.isJsonNull();
  }

  private ConsoleException wrong(String name, String expected) {
    JsonElement found = json.get(name);
    return new ConsoleException(
        400,
        "bad_value",
        "The body is not right: \""
            + name
            + "\" must be "
            + expected
            + (found == null ? " and is not there." : "."));
  }
}
