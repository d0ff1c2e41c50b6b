package io.snaprail.console.internal.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the API.
 *
 * @param caller who sends it
 * @param parameters the variable parts of the path
 * @param http the rest
 */
public record ApiRequest(Caller caller, Map<String, String> parameters, HttpServletRequest http) {
  /** Largest body where no more is said, in bytes. */
  public static final int MAX_BODY_BYTES = 64 * 1024;

  /** Largest body with the settings of a device, in bytes: its points may be among them. */
  public static final int MAX_SETTINGS_BYTES = 1024 * 1024;

  /** A variable part of the path. */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("this route has no parameter " + name);
    }
    return value;
  }

  /** A part of the query, if it is there. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(http.getParameter(name));
  }

  /** A header, if it is there. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(http.getHeader(name)).map(String::strip);
  }

  /** The body: one JSON object, strictly as in RFC 8259, of at most {@link #MAX_BODY_BYTES}. */
  public JsonObject body() throws Refusal, IOException {
    return body(MAX_BODY_BYTES);
  }

  /**
   * The body: one JSON object, strictly as in RFC 8259.
   *
   * @param maxBytes most that is taken
   */
  public JsonObject body(int maxBytes) throws Refusal, IOException {
    return object(text(maxBytes));
  }

  /** A text that is one JSON object, strictly as in RFC 8259. */
  public static JsonObject object(String text) throws Refusal, IOException {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement parsed = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw badJson("something follows the object", reader);
      }
      if (!parsed.isJsonObject()) {
        throw badJson("expected an object", reader);
      }
      return parsed.getAsJsonObject();
    } catch (MalformedJsonException e) {
      throw badJson("", reader);
    } catch (JsonParseException e) {
      throw badJson(text.isBlank() ? "the body is empty" : "", reader);
    }
  }

  /**
   * The body as it is.
   *
   * @param maxBytes most that is taken
   */
  public byte[] bytes(int maxBytes) throws Refusal, IOException {
    byte[] bytes = http.getInputStream().readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new Refusal(413, "too_large", "The body is larger than " + maxBytes + " bytes.");
    }
    return bytes;
  }

  /**
   * The body as text in UTF-8.
   *
   * @param maxBytes most that is taken
   */
  public String text(int maxBytes) throws Refusal, IOException {
    byte[] bytes = bytes(maxBytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "bad_json", "The body is not valid UTF-8.");
    }
  }

  /** Gson's messages carry the position behind "at"; its advice to be lenient helps nobody. */
  private static Refusal badJson(String why, JsonReader reader) {
    String text = reader.toString();
    int at = text.indexOf(" at ");
    String position = at < 0 ? "" : text.substring(at);
    return new Refusal(
        400,
        "bad_json",
        "The body is not a JSON object" + position + (why.isEmpty() ? "." : ": " + why + "."));
  }
}
