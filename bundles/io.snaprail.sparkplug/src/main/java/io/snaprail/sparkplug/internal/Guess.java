package io.snaprail.sparkplug.internal;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.sparkplug.internal.wire.DataType;
import java.util.Locale;

/** The type of a point that has never had a value: a birth must name one. */
final class Guess {
  private Guess() {}

  static DataType type(PointDefinition point) {
    String raw = point.type().toLowerCase(Locale.ROOT);
    if (raw.startsWith("bool") || raw.startsWith("bit")) {
      return DataType.BOOLEAN;
    }
    if (raw.contains("text") || raw.contains("string") || raw.contains("time")) {
      return DataType.STRING;
    }
    boolean whole = raw.startsWith("int") || raw.startsWith("uint") || raw.startsWith("bcd");
    return whole && point.unscaled() ? DataType.INT64 : DataType.DOUBLE;
  }
}
