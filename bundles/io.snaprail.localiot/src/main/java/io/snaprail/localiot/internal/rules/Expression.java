package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An expression of a statement (developer guide, "AWS IoT SQL reference"). Its value is JSON; null
 * is Undefined.
 */
sealed interface Expression {
  /** Its value for a message. */
  @Nullable JsonElement value(Input input);

  /** A value that stands there. */
  record Literal(JsonElement constant) implements Expression {
    @Override
    public JsonElement value(Input input) {
      return constant;
    }
  }

  /** A member of the payload, maybe of an object in it. */
  record Path(List<String> names) implements Expression {
    @Override
    public @Nullable JsonElement value(Input input) {
      JsonElement found = input.payload();
      for (String name : names) {
        found = found instanceof JsonObject object ? object.get(name) : null;
        if (found == null) {
          return null;
        }
      }
      return found;
    }
  }

  /** An operator with one operand. */
  record Unary(String operator, Expression operand) implements Expression {
    @Override
    public @Nullable JsonElement value(Input input) {
      JsonElement value = operand.value(input);
      return operator.equals("-")
          ? Operators.calculate("-", Operators.ZERO, value)
          : Operators.not(value);
    }
  }

  /** An operator with two operands. */
  record Binary(String operator, Expression left, Expression right) implements Expression {
    @Override
    public @Nullable JsonElement value(Input input) {
      return Operators.apply(operator, left.value(input), right.value(input));
    }
  }

  /** A function. */
  record Call(String function, List<Expression> arguments) implements Expression {
    @Override
    public @Nullable JsonElement value(Input input) {
      JsonElement first = arguments.isEmpty() ? null : arguments.get(0).value(input);
      return switch (function) {
        case "topic" -> arguments.isEmpty() ? Operators.text(input.topic()) : level(input, first);
        case "timestamp" -> Operators.number(input.millis());
        case "clientid" ->
            input.clientId().isEmpty() ? Operators.text("n/a") : Operators.text(input.clientId());
        case "upper" -> changed(first, true);
        case "lower" -> changed(first, false);
        default -> throw new IllegalStateException("the parser lets no other pass");
      };
    }

    // Levels count from 1.
    private static @Nullable JsonElement level(Input input, @Nullable JsonElement number) {
      Double level = Operators.decimal(number);
      String[] levels = input.topic().split("/", -1);
      if (level == null || level < 1 || level > levels.length || level != Math.rint(level)) {
        return null;
      }
      return Operators.text(levels[level.intValue() - 1]);
    }

    private static @Nullable JsonElement changed(@Nullable JsonElement value, boolean upper) {
      String text = Operators.string(value);
      if (text == null) {
        return null;
      }
      return Operators.text(upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT));
    }
  }
}
