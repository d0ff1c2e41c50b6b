package io.snaprail.awsiot.internal.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON objects (RFC 8259, nothing more lenient) from and to UTF-8. */
public final class JsonText {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final TypeAdapter<JsonElement> ELEMENTS = GSON.getAdapter(JsonElement.class);

  private JsonText() {}

  /**
   * Reads an object.
   *
   * @throws IOException when it is none; the message is for people
   */
  public static JsonObject object(byte[] utf8) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("expected JSON in UTF-8, found bytes that are not UTF-8", e);
    }
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = ELEMENTS.read(reader);
      if (element.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT) {
        return element.getAsJsonObject();
      }
    } catch (MalformedJsonException
        | JsonParseException
        | IllegalStateException
        | NumberFormatException e) {
      throw new IOException("not valid JSON: " + firstLine(e), e);
    } catch (StackOverflowError e) {
      throw new IOException("JSON that is nested too deeply", e);
    }
    throw new IOException("expected one JSON object and nothing else");
  }

  /** As it goes over the wire: nulls kept, no blanks. */
  public static byte[] bytes(JsonElement element) {
    return GSON.toJson(element).getBytes(StandardCharsets.UTF_8);
  }

  /** A text member; empty when it is missing or no text. */
  public static Optional<String> text(JsonObject object, String key) {
    return primitive(object, key).filter(JsonPrimitive::isString).map(JsonPrimitive::getAsString);
  }

  /** A whole number; empty when it is missing, no number or not whole. */
  public static Optional<Long> whole(JsonObject object, String key) {
    return primitive(object, key)
        .filter(JsonPrimitive::isNumber)
        .flatMap(
            number -> {
              try {
                return Optional.of(number.getAsBigDecimal().longValueExact());
              } catch (ArithmeticException | NumberFormatException notWhole) {
                return Optional.empty();
              }
            });
  }

  /** An object member; null when it is missing or no object. */
  public static @Nullable JsonObject child(@Nullable JsonObject object, String key) {
    JsonElement member = object == null ? null : object.get(key);
    return member != null && member.isJsonObject() ? member.getAsJsonObject() : null;
  }

  private static Optional<JsonPrimitive> primitive(JsonObject object, String key) {
    JsonElement member = object.get(key);
    return member != null && member.isJsonPrimitive()
        ? Optional.of(member.getAsJsonPrimitive())
        : Optional.empty();
  }

  private static String firstLine(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
