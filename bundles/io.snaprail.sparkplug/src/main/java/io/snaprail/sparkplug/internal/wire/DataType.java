package io.snaprail.sparkplug.internal.wire;

import io.snaprail.api.model.Value;
import org.jspecify.annotations.Nullable;

/** Data types of metrics: specification 3.0.0, 6.4.16; those that a gateway has a use for. */
public enum DataType {
  /** None was given. */
  UNKNOWN(0),
  /** 8 bits, signed. */
  INT8(1),
  /** 16 bits, signed. */
  INT16(2),
  /** 32 bits, signed. */
  INT32(3),
  /** 64 bits, signed. */
  INT64(4),
  /** 8 bits. */
  UINT8(5),
  /** 16 bits. */
  UINT16(6),
  /** 32 bits. */
  UINT32(7),
  /** 64 bits. */
  UINT64(8),
  /** Single precision. */
  FLOAT(9),
  /** Double precision. */
  DOUBLE(10),
  /** A boolean. */
  BOOLEAN(11),
  /** A text. */
  STRING(12),
  /** Milliseconds since 1970. */
  DATE_TIME(13),
  /** A text. */
  TEXT(14);

  private static final DataType[] ALL = values();

  private final int code;

  DataType(int code) {
    this.code = code;
  }

  /** As it stands in a payload. */
  public int code() {
    return code;
  }

  /** The type of a code; UNKNOWN for those without a use here, such as data sets. */
  static DataType of(long code) {
    return code > 0 && code < ALL.length ? ALL[(int) code] : UNKNOWN;
  }

  /** The type that holds a value without loss. */
  public static DataType of(Value value) {
    if (value instanceof Value.Bool) {
      return BOOLEAN;
    }
    if (value instanceof Value.Int) {
      return INT64;
    }
    if (value instanceof Value.Float32) {
      return FLOAT;
    }
    return value instanceof Value.Float64 ? DOUBLE : STRING;
  }

  /** The type that holds values of both: a metric has one type for as long as its birth stands. */
  public DataType join(DataType other) {
    if (this == other) {
      return this;
    }
    return this == STRING || other == STRING ? STRING : DOUBLE;
  }

  /** A value as one of this type, which is that of {@link #join}. */
  public @Nullable Value fit(@Nullable Value value) {
    if (value == null || of(value) == this) {
      return value;
    }
    return this == STRING ? new Value.Text(value.text()) : new Value.Float64(value.number());
  }
}
