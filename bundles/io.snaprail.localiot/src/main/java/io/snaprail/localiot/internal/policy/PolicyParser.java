package io.snaprail.localiot.internal.policy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads policy documents. What it does not know is an error and never skipped: a skipped condition
 * would widen what a policy allows.
 */
final class PolicyParser {
  private static final String VERSION = "2012-10-17";
  private static final Set<String> DOCUMENT_KEYS = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT_KEYS =
      Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");

  private PolicyParser() {}

  static PolicyDocument parse(String text) throws PolicyException {
    long characters = text.codePoints().filter(c -> !Character.isWhitespace(c)).count();
    if (characters > Quotas.POLICY_CHARACTERS) {
      throw new PolicyException(
          "policy: expected at most "
              + Quotas.POLICY_CHARACTERS
              + " characters without blanks, found "
              + characters);
    }
    JsonObject document = object(text);
    onlyKnown(document, DOCUMENT_KEYS, "policy");
    String version = string(require(document, "Version", "policy"), "Version");
    if (!version.equals(VERSION)) {
      throw new PolicyException("Version: expected '" + VERSION + "', found '" + version + "'");
    }
    return new PolicyDocument(text, statements(require(document, "Statement", "policy")));
  }

  private static JsonObject object(String text) throws PolicyException {
    try {
      return StrictJson.parseObject(text);
    } catch (JsonException e) {
      throw new PolicyException("policy: " + e.getMessage(), e);
    }
  }

  private static List<Statement> statements(JsonElement element) throws PolicyException {
    if (element.isJsonObject()) {
      return List.of(statement(element, "Statement"));
    }
    if (!element.isJsonArray() || element.getAsJsonArray().isEmpty()) {
      throw new PolicyException("Statement: expected one or more objects, found " + found(element));
    }
    JsonArray array = element.getAsJsonArray();
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      statements.add(statement(array.get(i), "Statement[" + i + "]"));
    }
    return statements;
  }

  private static Statement statement(JsonElement element, String where) throws PolicyException {
    if (!element.isJsonObject()) {
      throw new PolicyException(where + ": expected an object, found " + found(element));
    }
    JsonObject statement = element.getAsJsonObject();
    onlyKnown(statement, STATEMENT_KEYS, where);
    JsonElement sid = statement.get("Sid");
    return new Statement(
        sid == null ? "" : string(sid, where + ".Sid"),
        effect(statement, where),
        patterns(statement, "Action", where),
        patterns(statement, "Resource", where),
        ConditionParser.parse(statement.get("Condition"), where + ".Condition"));
  }

  private static Effect effect(JsonObject statement, String where) throws PolicyException {
    String effect = string(require(statement, "Effect", where), where + ".Effect");
    return switch (effect) {
      case "Allow" -> Effect.ALLOW;
      case "Deny" -> Effect.DENY;
      default ->
          throw new PolicyException(
              where + ".Effect: expected 'Allow' or 'Deny', found '" + effect + "'");
    };
  }

  private static Statement.Patterns patterns(JsonObject statement, String key, String where)
      throws PolicyException {
    JsonElement direct = statement.get(key);
    JsonElement inverted = statement.get("Not" + key);
    if ((direct == null) == (inverted == null)) {
      throw new PolicyException(
          where
              + ": expected either "
              + key
              + " or Not"
              + key
              + ", found "
              + (direct == null ? "neither" : "both"));
    }
    boolean not = direct == null;
    String path = where + "." + (not ? "Not" + key : key);
    List<WildcardPattern> patterns = list(not ? inverted : direct, path, key.equals("Action"));
    return new Statement.Patterns(patterns, not);
  }

  private static List<WildcardPattern> list(
      @Nullable JsonElement element, String path, boolean actions) throws PolicyException {
    if (element == null || !element.isJsonArray()) {
      return List.of(pattern(element, path, actions));
    }
    JsonArray array = element.getAsJsonArray();
    if (array.isEmpty()) {
      throw new PolicyException(path + ": expected at least one, found an empty array");
    }
    List<WildcardPattern> patterns = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      patterns.add(pattern(array.get(i), path + "[" + i + "]", actions));
    }
    return patterns;
  }

  private static WildcardPattern pattern(@Nullable JsonElement element, String path, boolean action)
      throws PolicyException {
    String text = string(element, path);
    String expected = action ? "'*' or a name such as 'iot:Publish'" : "'*' or 'arn:...'";
    boolean plausible =
        text.equals("*")
            || (action ? text.matches("[a-z0-9-]+:[A-Za-z*?]+") : text.startsWith("arn:"));
    if (!plausible) {
      throw new PolicyException(path + ": expected " + expected + ", found '" + text + "'");
    }
    try {
      return WildcardPattern.parse(text);
    } catch (PolicyException e) {
      throw new PolicyException(path + ": " + e.getMessage(), e);
    }
  }

  private static JsonElement require(JsonObject object, String key, String where)
      throws PolicyException {
    JsonElement element = object.get(key);
    if (element == null) {
      throw new PolicyException(where + ": expected " + key + ", found nothing");
    }
    return element;
  }

  private static String string(@Nullable JsonElement element, String path) throws PolicyException {
    if (element == null || !element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
      throw new PolicyException(path + ": expected a string, found " + found(element));
    }
    return element.getAsString();
  }

  private static void onlyKnown(JsonObject object, Set<String> known, String where)
      throws PolicyException {
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        throw new PolicyException(
            where + ": expected one of " + known.stream().sorted().toList() + ", found " + key);
      }
    }
  }

  private static String found(@Nullable JsonElement element) {
    return element == null ? "nothing" : StrictJson.kind(element);
  }
}
