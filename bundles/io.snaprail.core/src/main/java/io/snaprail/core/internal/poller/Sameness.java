package io.snaprail.core.internal.poller;

import io.snaprail.api.model.Value;

/**
 * Whether a device holds what was written to it, in the precision in which it holds it. Both are
 * raw values, so scaling plays no part.
 */
final class Sameness {
  /** Bits of a single precision significand that a half precision one does not have. */
  private static final int BELOW_HALF = 0x1FFF;

  private static final int HALF_FRACTION_BITS = 10;
  private static final int HALF_MIN_EXPONENT = -14;

  /** In the name of every half precision type that is known. */
  private static final String HALF = "16";

  private Sameness() {}

  /**
   * Whether the value held is the one written.
   *
   * @param type of the point: that it is of half precision can be told from nothing else, as it is
   *     delivered in single precision
   * @param held as the device gave it
   * @param written as the driver took it
   */
  static boolean holds(String type, Value held, Value written) {
    if (held instanceof Value.Text text) {
      return unpadded(text.value()).equals(unpadded(written.text()));
    }
    if (held instanceof Value.Bool bool) {
      return written.number() == (bool.value() ? 1 : 0);
    }
    if (held instanceof Value.Int whole && written instanceof Value.Int other) {
      return whole.value() == other.value();
    }
    if (held instanceof Value.Int whole) {
      // What is not whole and was taken was rounded, whichever way the driver does.
      return Math.abs(whole.value() - written.number()) < 1;
    }
    if (held instanceof Value.Float32 single) {
      return single(single.value(), written)
          || (type.contains(HALF) && half(single.value(), written.number()));
    }
    return held.number() == written.number();
  }

  private static boolean single(float held, Value written) {
    boolean whole = written instanceof Value.Int exact && held == (float) exact.value();
    return whole || held == (float) written.number();
  }

  /** A device with half precision gives a number that is one, as near as one can be. */
  private static boolean half(float held, double written) {
    int exponent = Math.max(Math.getExponent(held), HALF_MIN_EXPONENT);
    return held != 0
        && (Float.floatToRawIntBits(held) & BELOW_HALF) == 0
        && Math.abs(held - written) <= Math.scalb(0.5, exponent - HALF_FRACTION_BITS);
  }

  /** Texts of fixed length are filled up with blanks or zero bytes. */
  private static String unpadded(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) <= ' ') {
      end--;
    }
    return text.substring(0, end);
  }
}
