package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.model.Value;

/** Whole numbers out of values, for every codec that takes nothing else. */
final class WholeNumbers {
  /** Above, neighbours cannot be told apart in a double. */
  private static final double EXACT = 1L << 53;

  private WholeNumbers() {}

  /**
   * The whole number that a value is.
   *
   * @throws IllegalArgumentException when it is none or lies outside {@code min..max}
   */
  static long of(String type, Value value, long min, long max) {
    if (value instanceof Value.Int i && i.value() >= min && i.value() <= max) {
      return i.value();
    }
    if (value instanceof Value.Float32 || value instanceof Value.Float64) {
      double number = value.number();
      boolean whole = number == Math.rint(number) && Math.abs(number) <= EXACT;
      if (whole && number >= min && number <= max) {
        return (long) number;
      }
    }
    throw new IllegalArgumentException(
        type + " takes a whole number " + min + ".." + max + ", found " + value.text());
  }
}
