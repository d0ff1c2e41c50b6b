package io.snaprail.console.internal.forms;

import io.snaprail.console.internal.forms.ConfigForm.Limits;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;

/**
 * Finds the limits of a whole number. Metatype tells whether a value is good but not which ones
 * are; what it takes is one range, so halving finds its ends.
 */
final class Ranges {
  private static final Map<Integer, Long> GREATEST =
      Map.of(
          AttributeDefinition.BYTE, (long) Byte.MAX_VALUE,
          AttributeDefinition.SHORT, (long) Short.MAX_VALUE,
          AttributeDefinition.INTEGER, (long) Integer.MAX_VALUE);

  private Ranges() {}

  /** The limits of an attribute; none when no value is known that is good. */
  static Limits of(AttributeDefinition attribute, List<String> initial) {
    LongPredicate good = value -> accepts(attribute, Long.toString(value));
    Long inside = inside(good, initial);
    if (inside == null) {
      return Limits.NONE;
    }
    long greatest = GREATEST.getOrDefault(attribute.getType(), Long.MAX_VALUE);
    return new Limits(end(good, inside, -greatest - 1), end(good, inside, greatest));
  }

  private static boolean accepts(AttributeDefinition attribute, String value) {
    String wrong = attribute.validate(value);
    return wrong == null || wrong.isEmpty();
  }

  private static @Nullable Long inside(LongPredicate good, List<String> initial) {
    try {
      for (String value : initial) {
        if (good.test(Long.parseLong(value))) {
          return Long.valueOf(value);
        }
      }
    } catch (NumberFormatException e) {
      return null; // a default that is no whole number: its driver is wrong, not its form
    }
    return good.test(0) ? Long.valueOf(0) : good.test(1) ? Long.valueOf(1) : null;
  }

  /** The last good value on the way to the end of the type; null when the type is the limit. */
  private static @Nullable Long end(LongPredicate good, long inside, long end) {
    if (good.test(end)) {
      return null;
    }
    long in = inside;
    long out = end;
    for (long middle = mean(in, out); middle != in && middle != out; middle = mean(in, out)) {
      if (good.test(middle)) {
        in = middle;
      } else {
        out = middle;
      }
    }
    return in;
  }

  /** Rounded down, without overflow. */
  private static long mean(long a, long b) {
    return (a & b) + ((a ^ b) >> 1);
  }
}
