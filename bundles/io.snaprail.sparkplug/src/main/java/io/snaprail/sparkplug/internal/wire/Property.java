package io.snaprail.sparkplug.internal.wire;

import java.util.Objects;

/**
 * A property of a metric: specification 3.0.0, 6.4.11.
 *
 * @param key its name
 * @param value an Integer, a Boolean or a String
 */
public record Property(String key, Object value) {
  /** Whether and how far a value can be trusted: 6.4.10. */
  public static final String QUALITY = "Quality";

  /** Checks that nothing is missing. */
  public Property {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }

  void write(ProtoWriter to) {
    if (value instanceof Integer number) {
      to.varint(1, DataType.INT32.code());
      to.varint(3, number & 0xffffffffL);
    } else if (value instanceof Boolean flag) {
      to.varint(1, DataType.BOOLEAN.code());
      to.varint(7, flag ? 1 : 0);
    } else {
      to.varint(1, DataType.STRING.code());
      to.string(8, value.toString());
    }
  }
}
