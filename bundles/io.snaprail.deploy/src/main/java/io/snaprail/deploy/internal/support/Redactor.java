package io.snaprail.deploy.internal.support;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes out of texts what may be a secret. Configurations hold names of secrets only, and logs
 * none; this is for what people have put where it does not belong.
 */
final class Redactor {
  private static final String HIDDEN = "(hidden)";
  private static final String WORDS =
      "passw(?:or)?d|passphrase|secret|token|credential|private|signature|api[-_.]?key|pin";
  private static final Pattern KEY =
      Pattern.compile("(?:.*[-_.])?(?:key|psk)|.*(?:" + WORDS + ").*", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAMED =
      Pattern.compile(
          "((?:" + WORDS + ")[\"']?\\s*(?:is\\s+|[=:]\\s*))(\"[^\"]*\"|'[^']*'|[^\\s,;}]+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BEARER =
      Pattern.compile("((?:Bearer|Basic)\\s+)[A-Za-z0-9._~+/=-]{8,}", Pattern.CASE_INSENSITIVE);
  // Addresses are found by what is rare in them: a search for a scheme would begin at each letter.
  private static final Pattern USER_INFO = Pattern.compile("://[^\\s/@\"']+@");
  private static final Pattern QUERY = Pattern.compile("(://[^\\s?\"'<>]{1,8192}+\\?)[^\\s\"'<>]+");
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?(?:-----END \\1-----|\\z)", Pattern.DOTALL);
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private Redactor() {}

  /** A text, such as some lines of a log. */
  static String text(String text) {
    String clean = PRIVATE_KEY.matcher(text).replaceAll(HIDDEN);
    clean = USER_INFO.matcher(clean).replaceAll("://" + HIDDEN + "@");
    clean = QUERY.matcher(clean).replaceAll("$1" + HIDDEN);
    clean = BEARER.matcher(clean).replaceAll("$1" + HIDDEN);
    return NAMED.matcher(clean).replaceAll("$1" + HIDDEN);
  }

  /** A configuration; as a text when it is no JSON. */
  static String json(String text) {
    try {
      return PRETTY.toJson(clean(JsonParser.parseString(text)));
    } catch (JsonParseException e) {
      return text(text);
    }
  }

  private static JsonElement clean(JsonElement json) {
    if (json instanceof JsonObject object) {
      JsonObject clean = new JsonObject();
      for (Map.Entry<String, JsonElement> one : object.entrySet()) {
        clean.add(one.getKey(), value(one.getKey(), one.getValue()));
      }
      return clean;
    }
    if (json instanceof JsonArray array) {
      JsonArray clean = new JsonArray();
      array.forEach(one -> clean.add(clean(one)));
      return clean;
    }
    return json instanceof JsonPrimitive primitive && primitive.isString()
        ? new JsonPrimitive(text(primitive.getAsString()))
        : json;
  }

  // Of a number, too, it is not known what it opens.
  private static JsonElement value(String key, JsonElement value) {
    boolean says =
        value.isJsonNull()
            || (value instanceof JsonPrimitive primitive
                && (primitive.isBoolean() || primitive.getAsString().isEmpty()));
    return KEY.matcher(key).matches() && !says ? new JsonPrimitive(HIDDEN) : clean(value);
  }
}
