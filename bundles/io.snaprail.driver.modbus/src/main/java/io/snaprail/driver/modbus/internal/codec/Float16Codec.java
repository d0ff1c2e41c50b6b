package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/** An IEEE 754 half precision number (binary16) in one register. */
record Float16Codec(String type, RegisterOrder order) implements RegisterCodec {
  private static final int FRACTION_BITS = 10;
  private static final int FRACTION = (1 << FRACTION_BITS) - 1;
  private static final int EXPONENTS = 31;
  private static final int BIAS = 15;

  /** Exponent of the smallest normal number. */
  private static final int MIN_EXPONENT = -14;

  private static final int MAX = 65_504;

  /** From half a step above the largest on, the nearest would be infinity. */
  private static final int TOO_LARGE = 65_520;

  @Override
  public int width() {
    return 1;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    sink.float32(index, single((int) order.join(words, offset, 1)));
  }

  private static float single(int bits) {
    int exponent = bits >> FRACTION_BITS & EXPONENTS;
    int fraction = bits & FRACTION;
    float magnitude;
    if (exponent == EXPONENTS) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((float) fraction, MIN_EXPONENT - FRACTION_BITS);
    } else {
      magnitude = Math.scalb((float) (fraction + FRACTION + 1), exponent - BIAS - FRACTION_BITS);
    }
    return bits >> 15 == 0 ? magnitude : -magnitude;
  }

  /** Rounds to the nearest half; what lies outside its range is refused, and so is NaN. */
  @Override
  public int[] encode(Value value) {
    double number = value.number();
    double magnitude = Math.abs(number);
    boolean isNumber = !(value instanceof Value.Bool || value instanceof Value.Text);
    // False for NaN too.
    if (!(isNumber && magnitude < TOO_LARGE)) {
      throw new IllegalArgumentException(
          type + " takes a number " + -MAX + ".." + MAX + ", found " + value.text());
    }
    int exponent = Math.max(MIN_EXPONENT, Math.getExponent(magnitude));
    int significand = (int) Math.rint(Math.scalb(magnitude, FRACTION_BITS - exponent));
    // The leading bit of a normal number, or of one that rounding made so, counts the exponent up.
    int bits = ((exponent - MIN_EXPONENT) << FRACTION_BITS) + significand;
    return order.split(1 / number < 0 || number < 0 ? bits | 0x8000 : bits, 1);
  }
}
