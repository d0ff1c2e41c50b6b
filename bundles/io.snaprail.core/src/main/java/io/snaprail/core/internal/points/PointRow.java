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

  private static final String DESCRIPTION = "description";

  /** A field that is wrong. */
  static final class ColumnException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Name of the column. */
    final String column;

    ColumnException(String column, String message) {
      super(message);
      this.column = column;
    }
  }

  private final List<String> fields;
  private final Map<String, Integer> columns;
  private final char delimiter;

  PointRow(List<String> fields, Map<String, Integer> columns, char delimiter) {
    this.fields = fields;
    this.columns = columns;
    this.delimiter = delimiter;
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
        text(DESCRIPTION),
        origin);
  }

  private String text(String column) {
    Integer index = columns.get(column);
    if (index == null || index >= fields.size()) {
      return "";
    }
    String field = fields.get(index);
    String fault = MapText.fault(field);
    if (fault != null) {
      throw new ColumnException(column, "found '" + field + "': " + fault);
    }
    return column.equals(DESCRIPTION) ? field : Blanks.plain(field);
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
    try {
      return Decimals.parse(text, delimiter);
    } catch (IllegalArgumentException e) {
      throw new ColumnException(
          column, "expected " + Decimals.EXPECTED + ", found '" + text + "'" + e.getMessage());
    }
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

  private static ColumnException wrong(String column, String expected, String found) {
    return new ColumnException(
        column,
        "expected " + expected + ", found " + (found.isEmpty() ? "nothing" : "'" + found + "'"));
  }
}
