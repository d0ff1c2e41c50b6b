package io.snaprail.storage.internal.config;

import java.math.BigDecimal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The simple types of a configuration property (OSGi Configuration Admin, section 104.4.2). */
enum ScalarType {
  STRING("String", String.class, null, "a text"),
  BOOLEAN("Boolean", Boolean.class, boolean.class, "true or false"),
  BYTE("Byte", Byte.class, byte.class, "a whole number of -128..127"),
  SHORT("Short", Short.class, short.class, "a whole number of -32768..32767"),
  CHARACTER("Character", Character.class, char.class, "a text of one character"),
  INTEGER("Integer", Integer.class, int.class, "a whole number of -2147483648..2147483647"),
  LONG(
      "Long",
      Long.class,
      long.class,
      "a whole number of -9223372036854775808..9223372036854775807"),
  FLOAT("Float", Float.class, float.class, "a number"),
  DOUBLE("Double", Double.class, double.class, "a number");

  private static final int MAX_LITERAL_LENGTH = 400;

  private final String label;
  private final Class<?> boxed;
  private final @Nullable Class<?> primitive;
  private final String expected;

  ScalarType(String label, Class<?> boxed, @Nullable Class<?> primitive, String expected) {
    this.label = label;
    this.boxed = boxed;
    this.primitive = primitive;
    this.expected = expected;
  }

  /** The name used as a suffix of keys. */
  String label() {
    return label;
  }

  Class<?> boxed() {
    return boxed;
  }

  /** The primitive type; null for a text. */
  @Nullable Class<?> primitive() {
    return primitive;
  }

  /** What a value of the type is, for messages. */
  String expected() {
    return expected;
  }

  static @Nullable ScalarType find(Function<ScalarType, @Nullable Object> property, Object wanted) {
    for (ScalarType type : values()) {
      if (wanted.equals(property.apply(type))) {
        return type;
      }
    }
    return null;
  }

  /** The value of a number in this type; null when it does not fit exactly. */
  @Nullable Object exact(BigDecimal number) {
    try {
      return switch (this) {
        case BYTE -> number.byteValueExact();
        case SHORT -> number.shortValueExact();
        case INTEGER -> number.intValueExact();
        case LONG -> number.longValueExact();
        case FLOAT -> finite(number.floatValue());
        case DOUBLE -> finite(number.doubleValue());
        case STRING, BOOLEAN, CHARACTER -> null;
      };
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Object finite(Float value) {
    return value.isInfinite() ? null : value;
  }

  private static @Nullable Object finite(Double value) {
    return value.isInfinite() ? null : value;
  }

  /** The value that a text stands for in this type; null when it stands for none. */
  @Nullable Object parse(String text) {
    if (this != STRING && text.length() > MAX_LITERAL_LENGTH) {
      return null;
    }
    try {
      return switch (this) {
        case STRING -> text;
        case BOOLEAN -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? false : null;
        case CHARACTER -> text.length() == 1 ? text.charAt(0) : null;
        case FLOAT -> Float.valueOf(text);
        case DOUBLE -> Double.valueOf(text);
        case BYTE, SHORT, INTEGER, LONG -> exact(new BigDecimal(text));
      };
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
