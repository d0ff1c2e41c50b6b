package io.snaprail.localiot.internal.provisioning;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of a template: {@code Ref} and the intrinsic functions (developer guide, "Provisioning
 * templates", "Intrinsic functions").
 */
final class Expressions {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)\\}");
  private static final int DEPTH = 16;

  /** Longest text that an expression may grow to. */
  private static final int LENGTH = 32 * 1024;

  private final Map<String, String> parameters;
  private final JsonObject mappings;

  /** Knows values of parameters, and {@code Mappings}. */
  Expressions(Map<String, String> parameters, JsonObject mappings) {
    this.parameters = Map.copyOf(parameters);
    this.mappings = mappings;
  }

  /** The text that an expression comes to. */
  String text(JsonElement expression) throws ProvisioningException {
    JsonElement value = value(expression);
    if (value instanceof JsonPrimitive primitive) {
      return primitive.getAsString();
    }
    throw wrong("expected text", expression);
  }

  /** The value that an expression comes to: text, or a list of such. */
  JsonElement value(JsonElement expression) throws ProvisioningException {
    return value(expression, parameters, 0);
  }

  private JsonElement value(JsonElement expression, Map<String, String> variables, int depth)
      throws ProvisioningException {
    if (depth > DEPTH) {
      throw ProvisioningException.template("functions are nested too deeply");
    }
    if (expression.isJsonArray()) {
      JsonArray values = new JsonArray();
      for (JsonElement element : expression.getAsJsonArray()) {
        values.add(value(element, variables, depth + 1));
      }
      return values;
    }
    if (!expression.isJsonObject()) {
      return expression;
    }
    JsonObject call = expression.getAsJsonObject();
    if (call.size() != 1) {
      throw wrong("expected one function", expression);
    }
    String function = call.keySet().iterator().next();
    return call(function, call.get(function), variables, depth + 1);
  }

  private JsonElement call(
      String function, JsonElement argument, Map<String, String> variables, int depth)
      throws ProvisioningException {
    if (function.equals("Fn::Sub")) {
      return sub(argument, variables, depth);
    }
    JsonElement value = value(argument, variables, depth);
    return switch (function) {
      case "Ref" -> new JsonPrimitive(variable(textOf(value, argument), variables));
      case "Fn::Join" -> join(list(value, 2, argument), argument);
      case "Fn::Select" -> select(list(value, 2, argument), argument);
      case "Fn::Split" -> split(list(value, 2, argument), argument);
      case "Fn::FindInMap" -> find(list(value, 3, argument), argument);
      default ->
          throw ProvisioningException.template(
              "function '"
                  + function
                  + "' is not known: expected Ref, Fn::Join, Fn::Select, Fn::Split, Fn::Sub or"
                  + " Fn::FindInMap");
    };
  }

  private static String variable(String name, Map<String, String> variables)
      throws ProvisioningException {
    String value = variables.get(name);
    if (value == null) {
      throw ProvisioningException.parameters("parameter '" + name + "' has no value");
    }
    return value;
  }

  private static JsonElement join(JsonArray arguments, JsonElement shown)
      throws ProvisioningException {
    String delimiter = textOf(arguments.get(0), shown);
    StringBuilder joined = new StringBuilder();
    if (!(arguments.get(1) instanceof JsonArray parts)) {
      throw wrong("Fn::Join: expected a list", shown);
    }
    for (int i = 0; i < parts.size(); i++) {
      joined.append(i == 0 ? "" : delimiter).append(textOf(parts.get(i), shown));
      checkLength(joined.length());
    }
    return new JsonPrimitive(joined.toString());
  }

  private static JsonElement select(JsonArray arguments, JsonElement shown)
      throws ProvisioningException {
    String index = textOf(arguments.get(0), shown);
    if (arguments.get(1) instanceof JsonArray list
        && index.matches("[0-9]{1,4}")
        && Integer.parseInt(index) < list.size()) {
      JsonElement selected = list.get(Integer.parseInt(index));
      if (!selected.isJsonNull()) {
        return selected;
      }
    }
    throw wrong("Fn::Select: expected an index and a list that has a value there", shown);
  }

  private static JsonElement split(JsonArray arguments, JsonElement shown)
      throws ProvisioningException {
    String delimiter = textOf(arguments.get(0), shown);
    if (delimiter.isEmpty()) {
      throw wrong("Fn::Split: expected a delimiter", shown);
    }
    JsonArray parts = new JsonArray();
    for (String part : textOf(arguments.get(1), shown).split(Pattern.quote(delimiter), -1)) {
      parts.add(part);
    }
    return parts;
  }

  private JsonElement find(JsonArray arguments, JsonElement shown) throws ProvisioningException {
    JsonElement found = mappings;
    for (JsonElement key : arguments) {
      found = found instanceof JsonObject map ? map.get(textOf(key, shown)) : null;
      if (found == null) {
        throw ProvisioningException.parameters(
            "Fn::FindInMap: there is nothing at " + StrictJson.write(arguments));
      }
    }
    return found;
  }

  // Either a text, or a text and values for variables of it.
  private JsonElement sub(JsonElement argument, Map<String, String> variables, int depth)
      throws ProvisioningException {
    if (argument instanceof JsonPrimitive text) {
      return new JsonPrimitive(substituted(text.getAsString(), variables));
    }
    if (argument instanceof JsonArray both
        && both.size() == 2
        && both.get(1) instanceof JsonObject more) {
      Map<String, String> all = new HashMap<>(variables);
      for (String name : more.keySet()) {
        all.put(name, textOf(value(more.get(name), variables, depth + 1), argument));
      }
      return new JsonPrimitive(substituted(textOf(both.get(0), argument), all));
    }
    throw wrong("Fn::Sub: expected a text, or a list of a text and an object", argument);
  }

  private static String substituted(String text, Map<String, String> variables)
      throws ProvisioningException {
    StringBuilder result = new StringBuilder();
    Matcher matcher = VARIABLE.matcher(text);
    int copied = 0;
    while (matcher.find()) {
      result.append(text, copied, matcher.start());
      // ${!x} is ${x} as it stands, as in CloudFormation, whose function it is.
      result.append(
          matcher.group(1).isEmpty()
              ? variable(matcher.group(2), variables)
              : "${" + matcher.group(2) + "}");
      checkLength(result.length());
      copied = matcher.end();
    }
    return result.append(text, copied, text.length()).toString();
  }

  private static JsonArray list(JsonElement value, int size, JsonElement shown)
      throws ProvisioningException {
    if (value instanceof JsonArray list && list.size() == size) {
      return list;
    }
    throw wrong("expected a list of " + size, shown);
  }

  private static String textOf(@Nullable JsonElement value, JsonElement shown)
      throws ProvisioningException {
    if (value instanceof JsonPrimitive primitive) {
      return primitive.getAsString();
    }
    throw wrong("expected text", shown);
  }

  private static void checkLength(int length) throws ProvisioningException {
    if (length > LENGTH) {
      throw ProvisioningException.template("a value becomes longer than " + LENGTH);
    }
  }

  private static ProvisioningException wrong(String expected, JsonElement found) {
    String text = StrictJson.write(found);
    return ProvisioningException.template(
        expected + ", found " + (text.length() > 200 ? text.substring(0, 200) + "..." : text));
  }
}
