package io.snaprail.awsiot.internal.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.model.Value;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Values of points as JSON and back. */
public final class JsonValues {
  private JsonValues() {}

  /** With the digits that the value has; null for what JSON has no number for (NaN, infinity). */
  public static @Nullable JsonPrimitive json(Value value) {
    if (value instanceof Value.Bool bool) {
      return new JsonPrimitive(bool.value());
    }
    if (value instanceof Value.Text text) {
      return new JsonPrimitive(text.value());
    }
    if (value instanceof Value.Int whole) {
      return new JsonPrimitive(whole.value());
    }
    return Double.isFinite(value.number()) ? new JsonPrimitive(new BigDecimal(value.text())) : null;
  }

  /**
   * A value to write: whole numbers stay whole.
   *
   * @throws IllegalArgumentException when it is none or beyond 64 bits; the message is for people
   */
  public static Value value(@Nullable JsonElement json) {
    if (json == null || !json.isJsonPrimitive()) {
      throw new IllegalArgumentException("expected a number, true, false or a text as the value");
    }
    JsonPrimitive primitive = json.getAsJsonPrimitive();
    if (primitive.isBoolean()) {
      return new Value.Bool(primitive.getAsBoolean());
    }
    if (primitive.isString()) {
      return new Value.Text(primitive.getAsString());
    }
    String text = primitive.getAsString();
    try {
      if (text.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
        return new Value.Int(Long.parseLong(text));
      }
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return new Value.Float64(number);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the value " + text + " is beyond 64 bits", e);
    }
    throw new IllegalArgumentException("the value " + text + " is beyond double precision");
  }

  /** Whether two values are the same; numbers are compared by value, so 1 is 1.0. */
  public static boolean same(@Nullable JsonElement one, @Nullable JsonElement other) {
    if (one == null || other == null) {
      return one == other;
    }
    if (isNumber(one) && isNumber(other)) {
      try {
        return one.getAsBigDecimal().compareTo(other.getAsBigDecimal()) == 0;
      } catch (NumberFormatException beyond) {
        // JSON allows exponents that BigDecimal does not hold: those are the same only as text.
        return one.getAsString().equals(other.getAsString());
      }
    }
    return one.equals(other);
  }

  /** Whether it is a number. */
  public static boolean isNumber(JsonElement json) {
    return json.isJsonPrimitive() && json.getAsJsonPrimitive().isNumber();
  }
}
