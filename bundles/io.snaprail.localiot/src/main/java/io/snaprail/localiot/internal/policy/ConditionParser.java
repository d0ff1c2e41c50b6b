package io.snaprail.localiot.internal.policy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Condition} of a statement; what it does not know is an error. */
final class ConditionParser {
  private static final String IF_EXISTS = "IfExists";
  private static final String FOR_ALL = "ForAllValues:";
  private static final String FOR_ANY = "ForAnyValue:";

  private ConditionParser() {}

  static List<Condition> parse(@Nullable JsonElement element, String path) throws PolicyException {
    if (element == null) {
      return List.of();
    }
    List<Condition> conditions = new ArrayList<>();
    JsonObject operators = object(element, path);
    for (String operator : operators.keySet()) {
      String where = path + "." + operator;
      JsonObject keys = object(operators.get(operator), where);
      for (String key : keys.keySet()) {
        conditions.add(condition(operator, key, values(keys.get(key), where + "." + key), where));
      }
    }
    return conditions;
  }

  private static Condition condition(
      String text, String key, List<WildcardPattern> values, String where) throws PolicyException {
    Condition.Quantifier quantifier = Condition.Quantifier.NONE;
    String name = text;
    if (name.startsWith(FOR_ALL)) {
      quantifier = Condition.Quantifier.FOR_ALL_VALUES;
      name = name.substring(FOR_ALL.length());
    } else if (name.startsWith(FOR_ANY)) {
      quantifier = Condition.Quantifier.FOR_ANY_VALUE;
      name = name.substring(FOR_ANY.length());
    }
    boolean ifExists = name.endsWith(IF_EXISTS);
    if (ifExists) {
      name = name.substring(0, name.length() - IF_EXISTS.length());
    }
    ConditionOperator operator =
        ConditionOperator.of(name)
            .orElseThrow(
                () ->
                    new PolicyException(
                        where + ": expected an operator such as StringEquals, found " + text));
    return new Condition(operator, quantifier, ifExists, key, values);
  }

  private static JsonObject object(@Nullable JsonElement element, String path)
      throws PolicyException {
    if (element == null || !element.isJsonObject()) {
      throw new PolicyException(
          path
              + ": expected an object, found "
              + (element == null ? "nothing" : StrictJson.kind(element)));
    }
    return element.getAsJsonObject();
  }

  private static List<WildcardPattern> values(JsonElement element, String path)
      throws PolicyException {
    JsonArray array;
    if (element.isJsonArray()) {
      array = element.getAsJsonArray();
    } else {
      array = new JsonArray();
      array.add(element);
    }
    List<WildcardPattern> values = new ArrayList<>();
    for (JsonElement one : array) {
      if (!(one instanceof JsonPrimitive value)) {
        throw new PolicyException(
            path + ": expected a string, a number or a boolean, found " + StrictJson.kind(one));
      }
      try {
        values.add(WildcardPattern.parse(value.getAsString()));
      } catch (PolicyException e) {
        throw new PolicyException(path + ": " + e.getMessage(), e);
      }
    }
    return values;
  }
}
