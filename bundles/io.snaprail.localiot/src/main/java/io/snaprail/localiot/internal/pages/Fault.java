package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with a text, and where.
 *
 * @param message in plain words
 * @param line from 1 on; 0 when it is not known
 * @param column from 1 on; 0 when it is not known
 */
record Fault(String message, int line, int column) {
  private static final Pattern PLACE = Pattern.compile("line (\\d+),? column (\\d+)");

  /**
   * Finds line and column: in the message, or of the value that the message names first, such as
   * {@code Statement[0].Effect: ...}.
   */
  static Fault of(String message, String document) {
    Matcher place = PLACE.matcher(message);
    if (place.find()) {
      return at(message, place, 0);
    }
    int colon = message.indexOf(':');
    return colon < 0
        ? new Fault(message, 0, 0)
        : find(message, message.substring(0, colon), document);
  }

  private static Fault at(String message, Matcher place, int back) {
    int column = Math.max(1, Integer.parseInt(place.group(2)) - back);
    return new Fault(message, Integer.parseInt(place.group(1)), column);
  }

  private static Fault find(String message, String path, String document) {
    try (JsonReader reader = new JsonReader(new StringReader(document))) {
      while (reader.peek() != JsonToken.END_DOCUMENT) {
        if (reader.getPath().equals("$." + path) && reader.peek() != JsonToken.NAME) {
          // What the reader says of itself is the only way to its position. It has looked at the
          // quote or bracket that begins a value, so it stands one behind it.
          boolean quoted = reader.peek() != JsonToken.NUMBER && reader.peek() != JsonToken.BOOLEAN;
          Matcher place = PLACE.matcher(reader.toString());
          return place.find() ? at(message, place, quoted ? 1 : 0) : new Fault(message, 0, 0);
        }
        step(reader);
      }
    } catch (IOException | IllegalStateException e) {
      return new Fault(message, 0, 0); // no JSON: the message itself names the place
    }
    return new Fault(message, 0, 0);
  }

  private static void step(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> reader.beginObject();
      case END_OBJECT -> reader.endObject();
      case BEGIN_ARRAY -> reader.beginArray();
      case END_ARRAY -> reader.endArray();
      case NAME -> {
        String unused = reader.nextName();
      }
      default -> reader.skipValue();
    }
  }

  void addTo(JsonObject json) {
    json.addProperty("message", RegistryCalls.sentence(message));
    json.addProperty("line", line);
    json.addProperty("column", column);
  }
}
