package io.snaprail.localiot.internal.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;

/** Reads RFC 8259 and nothing more lenient; writes it with nulls kept. */
public final class StrictJson {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final Gson PRETTY =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().setPrettyPrinting().create();
  private static final TypeAdapter<JsonElement> ELEMENTS = GSON.getAdapter(JsonElement.class);

  private StrictJson() {}

  /** Reads one JSON value with nothing behind it. */
  public static JsonElement parse(String text) throws JsonException {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = ELEMENTS.read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonException("expected the end of the text, found more");
      }
      return element;
    } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
      throw new JsonException("not valid JSON: " + firstLine(e), e);
    }
  }

  /** Reads one JSON object with nothing behind it. */
  public static JsonObject parseObject(String text) throws JsonException {
    JsonElement element = parse(text);
    if (!element.isJsonObject()) {
      throw new JsonException("expected a JSON object, found " + kind(element));
    }
    return element.getAsJsonObject();
  }

  /** Without blanks, as it goes over the wire. */
  public static String write(JsonElement element) {
    return GSON.toJson(element);
  }

  /** Indented, for files that people may read. */
  public static String writePretty(JsonElement element) {
    return PRETTY.toJson(element);
  }

  /** What kind of value it is, in JSON's own words. */
  public static String kind(JsonElement element) {
    if (element.isJsonNull()) {
      return "null";
    }
    if (element.isJsonObject()) {
      return "an object";
    }
    if (element.isJsonArray()) {
      return "an array";
    }
    if (element.getAsJsonPrimitive().isString()) {
      return "a string";
    }
    return element.getAsJsonPrimitive().isNumber() ? "a number" : "a boolean";
  }

  /** Whether two values are the same; numbers are compared by value, so 1 is 1.0. */
  public static boolean same(JsonElement one, JsonElement other) {
    if (one.isJsonObject() && other.isJsonObject()) {
      return sameObject(one.getAsJsonObject(), other.getAsJsonObject());
    }
    if (one.isJsonArray() && other.isJsonArray()) {
      return sameArray(one, other);
    }
    if (isNumber(one) && isNumber(other)) {
      return sameNumber(one.getAsString(), other.getAsString());
    }
    return one.equals(other);
  }

  private static boolean sameObject(JsonObject one, JsonObject other) {
    if (!one.keySet().equals(other.keySet())) {
      return false;
    }
    return one.keySet().stream().allMatch(key -> same(one.get(key), other.get(key)));
  }

  private static boolean sameArray(JsonElement one, JsonElement other) {
    int size = one.getAsJsonArray().size();
    if (size != other.getAsJsonArray().size()) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!same(one.getAsJsonArray().get(i), other.getAsJsonArray().get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(JsonElement element) {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
  }

  private static boolean sameNumber(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    try {
      return new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
    } catch (NumberFormatException beyondBigDecimal) {
      // JSON allows exponents that BigDecimal does not hold: those are the same only as text.
      return false;
    }
  }

  private static String firstLine(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
