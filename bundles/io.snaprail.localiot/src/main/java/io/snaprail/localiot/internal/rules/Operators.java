package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Operators (developer guide, "Operators"). Numbers are long or double: payloads may hold any
 * number that JSON allows, and exact arithmetic on some of them would never end.
 */
final class Operators {
  static final JsonElement ZERO = number(0);

  private Operators() {}

  static @Nullable JsonElement apply(
      String operator, @Nullable JsonElement left, @Nullable JsonElement right) {
    return switch (operator) {
      case "AND", "OR" -> logical(operator, left, right);
      case "=" -> left == null || right == null ? null : bool(StrictJson.same(left, right));
      case "<>" -> left == null || right == null ? null : bool(!StrictJson.same(left, right));
      case "<", "<=", ">", ">=" -> compare(operator, left, right);
      case "+" -> plus(left, right);
      default -> calculate(operator, left, right);
    };
  }

  private static @Nullable JsonElement logical(
      String operator, @Nullable JsonElement left, @Nullable JsonElement right) {
    Boolean one = truth(left);
    Boolean other = truth(right);
    if (one == null || other == null) {
      return null;
    }
    return bool(operator.equals("AND") ? one && other : one || other);
  }

  static @Nullable JsonElement not(@Nullable JsonElement operand) {
    Boolean truth = truth(operand);
    return truth == null ? null : bool(!truth);
  }

  private static @Nullable JsonElement compare(
      String operator, @Nullable JsonElement left, @Nullable JsonElement right) {
    Double one = decimal(left);
    Double other = decimal(right);
    if (one == null || other == null) {
      return null;
    }
    int order = Double.compare(one, other);
    return bool(
        switch (operator) {
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order > 0;
          default -> order >= 0;
        });
  }

  // With a string on either side it joins.
  private static @Nullable JsonElement plus(
      @Nullable JsonElement left, @Nullable JsonElement right) {
    if (left == null || right == null) {
      return null;
    }
    if (string(left) == null && string(right) == null) {
      return calculate("+", left, right);
    }
    return text(shown(left) + shown(right));
  }

  /** Whole numbers stay whole, also when divided. */
  static @Nullable JsonElement calculate(
      String operator, @Nullable JsonElement left, @Nullable JsonElement right) {
    Double one = decimal(left);
    Double other = decimal(right);
    if (one == null || other == null) {
      return null;
    }
    if (whole(left) && whole(right)) {
      try {
        return whole(operator, one.longValue(), other.longValue());
      } catch (ArithmeticException overflowOrZero) {
        return null;
      }
    }
    double result =
        switch (operator) {
          case "+" -> one + other;
          case "-" -> one - other;
          case "*" -> one * other;
          case "/" -> one / other;
          default -> one % other;
        };
    return Double.isFinite(result) ? new JsonPrimitive(result) : null;
  }

  private static JsonElement whole(String operator, long one, long other) {
    return number(
        switch (operator) {
          case "+" -> Math.addExact(one, other);
          case "-" -> Math.subtractExact(one, other);
          case "*" -> Math.multiplyExact(one, other);
          case "/" -> one / other;
          default -> one % other;
        });
  }

  // Beyond 2^53 a double does not hold every whole number.
  private static boolean whole(@Nullable JsonElement value) {
    return value instanceof JsonPrimitive number
        && number.isNumber()
        && number.getAsString().matches("-?[0-9]{1,15}");
  }

  static @Nullable Double decimal(@Nullable JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive) || primitive.isBoolean()) {
      return null;
    }
    try {
      double number = Double.parseDouble(primitive.getAsString());
      return Double.isFinite(number) ? number : null;
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }

  /** True or false, which strings may say too; null for anything else. */
  static @Nullable Boolean truth(@Nullable JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive) || primitive.isNumber()) {
      return null;
    }
    return switch (primitive.getAsString().toLowerCase(Locale.ROOT)) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  static @Nullable String string(@Nullable JsonElement value) {
    return value instanceof JsonPrimitive text && text.isString() ? text.getAsString() : null;
  }

  /** As it is put into a text. */
  static String shown(JsonElement value) {
    String text = string(value);
    return text == null ? StrictJson.write(value) : text;
  }

  static JsonElement text(String text) {
    return new JsonPrimitive(text);
  }

  static JsonElement number(long number) {
    return new JsonPrimitive(number);
  }

  private static JsonElement bool(boolean truth) {
    return new JsonPrimitive(truth);
  }
}
