package io.snaprail.security.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes the small JSON files of this bundle; says which key of which file is wrong. */
final class Json {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private Json() {}

  static JsonObject read(Path file) throws IOException {
    try {
      JsonElement root = JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8));
      return object(file, "the file", root);
    } catch (JsonParseException malformed) {
      throw damaged(file, "it is not JSON: " + malformed.getMessage());
    }
  }

  static void write(Path file, JsonObject content) throws IOException {
    byte[] bytes = (PRETTY.toJson(content) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, bytes, AtomicFile.PRIVATE);
  }

  static String string(Path file, JsonObject object, String key) throws IOException {
    JsonElement value = object.get(key);
    if (value == null || !value.isJsonPrimitive()) {
      throw damaged(file, "key '" + key + "' is missing or no text");
    }
    return value.getAsString();
  }

  static JsonObject child(Path file, JsonObject object, String key) throws IOException {
    return object(file, "key '" + key + "'", object.get(key));
  }

  private static JsonObject object(Path file, String what, JsonElement element) throws IOException {
    if (element == null || !element.isJsonObject()) {
      throw damaged(file, what + " is missing or no object");
    }
    return element.getAsJsonObject();
  }

  static UnsafeFileException damaged(Path file, String why) {
    return new UnsafeFileException(
        file + " is damaged (" + why + "). Bring it back from a backup; it is left as it is.");
  }
}
