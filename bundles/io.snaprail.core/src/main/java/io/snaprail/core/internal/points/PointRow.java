package io.snaprail.core.internal.points;

import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row of a register map, turned into a definition; each error names its column. */
final class PointRow {
  /** Longest period of a point. */
  static final Duration MAX_PERIOD = Duration.ofDays(31);

  /** Shortest period of a point. */
  static final Duration MIN_PERIOD = Duration.ofMillis(10);

  /** More digits than a double has are a typing error, and cost memory and time when scaling. */
  private static final int MAX_NUMBER_LENGTH = 40;

  private static final int MAX_EXPONENT = 300;

  private final List<String> fields;
  private final Map<String, Integer> columns;
  private final boolean decimalComma;

  PointRow(List<String> fields, Map<String, Integer> columns, boolean decimalComma) {
    this.fields = fields;
    this.columns = columns;
    this.decimalComma = decimalComma;
  }

  PointDefinition toDefinition(SourceLocation origin) {
    BigDecimal deadband = decimal("deadband");
    if (deadband != null && deadband.signum() < 0) {
      throw wrong("deadband", "0 or above", text("deadband"));
    }
    BigDecimal scale = decimal("scale");
    if (scale != null && scale.signum() == 0) {
      throw wrong("scale", "a number other than 0", text("scale"));
    }
    BigDecimal offset = decimal("offset");
    return new PointDefinition(
        name(),
        required("address"),
        required("type"),
        text("order"),
        scale == null ? BigDecimal.ONE : scale,
        offset == null ? BigDecimal.ZERO : offset,
        text("unit"),
        access(),
        period(),
        deadband == null ? 0 : deadband.doubleValue(),
        decimal("min"),
        decimal("max"),
        text("description"),
        origin);
  }

  private String text(String column) {
    Integer index = columns.get(column);
    return index == null || index >= fields.size() ? "" : fields.get(index);
  }

  private String required(String column) {
    String text = text(column);
    if (text.isEmpty()) {
      throw wrong(column, "a value", text);
    }
    return text;
  }

  private String name() {
    String name = required("name");
    if (!PointDefinition.isName(name)) {
      throw wrong(
          "name",
          "1.." + PointDefinition.MAX_NAME_LENGTH + " letters, digits, '_', '-' or '.'",
          name);
    }
    return name;
  }

  private Access access() {
    String text = text("access").toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      return Access.READ;
    }
    for (Access access : Access.values()) {
      if (access.code().equals(text)) {
        return access;
      }
    }
    throw wrong("access", "r, w or rw", text);
  }

  private @Nullable BigDecimal decimal(String column) {
    String text = text(column);
    if (text.isEmpty()) {
      return null;
    }
    String plain = decimalComma && text.indexOf('.') < 0 ? text.replace(',', '.') : text;
    try {
      BigDecimal number = plain.length() > MAX_NUMBER_LENGTH ? null : new BigDecimal(plain);
      if (number != null && Math.abs((long) number.scale()) <= MAX_EXPONENT) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          wrong(column, "a decimal number such as 0.1", text).getMessage(), e);
    }
    throw wrong(column, "a decimal number such as 0.1", text);
  }

  private @Nullable Duration period() {
    String text = text("period");
    if (text.isEmpty()) {
      return null;
    }
    Duration period = Periods.parse(text);
    if (period == null || period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0) {
      throw wrong("period", "10 ms to 31 d, such as 500, 500ms, 10s, 5m, 1h or 1d", text);
    }
    return period;
  }

  private static IllegalArgumentException wrong(String column, String expected, String found) {
    return new IllegalArgumentException(
        "column '"
            + column
            + "': expected "
            + expected
            + ", found "
            + (found.isEmpty() ? "nothing" : "'" + found + "'"));
  }
}
