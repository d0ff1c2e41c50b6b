package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;
import java.util.Locale;

/**
 * A number without sign in packed decimal digits, four a register, the most significant in the
 * highest bits. Bits that are no digit (A..F) are delivered as bad.
 *
 * @param width in registers, 1..2
 */
record BcdCodec(String type, int width, RegisterOrder order) implements RegisterCodec {
  private static final int DIGITS_PER_REGISTER = 4;

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    long raw = order.join(words, offset, width);
    int digits = DIGITS_PER_REGISTER * width;
    long value = 0;
    for (int i = digits - 1; i >= 0; i--) {
      long digit = raw >> (4 * i) & 0xf;
      if (digit > 9) {
        String hex = String.format(Locale.ROOT, "%0" + digits + "X", raw);
        sink.bad(index, "the device gave 0x" + hex + ", which is no " + type);
        return;
      }
      value = 10 * value + digit;
    }
    sink.integer(index, value);
  }

  @Override
  public int[] encode(Value value) {
    long max = width == 1 ? 9_999 : 99_999_999;
    long left = WholeNumbers.of(type, value, 0, max);
    long raw = 0;
    for (int shift = 0; left > 0; shift += 4) {
      raw |= left % 10 << shift;
      left /= 10;
    }
    return order.split(raw, width);
  }
}
