package io.snaprail.core.internal.commands;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What the gate checks of a value, whatever the driver. */
final class Rules {
  private Rules() {}

  /** Why the point may not take the value; null when it may. */
  static @Nullable String refusal(PointDefinition point, Value value) {
    if (!point.access().writable()) {
      return "point '"
          + point.name()
          + "' is read-only: its access is '"
          + point.access().code()
          + "', a point that may be written has 'w' or 'rw'";
    }
    if (value instanceof Value.Bool || value instanceof Value.Text) {
      return numeric(point) ? "value: expected a number, found '" + value.text() + "'" : null;
    }
    if (!Double.isFinite(value.number())) {
      return "value: expected a finite number, found '" + value.text() + "'";
    }
    return outOfRange(point, new BigDecimal(value.text()));
  }

  /** A point with limits or a scale can only take numbers. */
  private static boolean numeric(PointDefinition point) {
    return point.min() != null || point.max() != null || !point.unscaled();
  }

  private static @Nullable String outOfRange(PointDefinition point, BigDecimal number) {
    BigDecimal min = point.min();
    BigDecimal max = point.max();
    boolean low = min != null && number.compareTo(min) < 0;
    boolean high = max != null && number.compareTo(max) > 0;
    if (!low && !high) {
      return null;
    }
    String unit = point.unit().isEmpty() ? "" : " " + point.unit();
    String from = min == null ? "any" : min.toPlainString();
    String to = max == null ? "any" : max.toPlainString();
    return "value: expected " + from + ".." + to + unit + ", found '" + number + "'";
  }
}
