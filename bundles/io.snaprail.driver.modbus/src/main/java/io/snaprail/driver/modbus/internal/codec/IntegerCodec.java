package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/**
 * A whole number in two's complement or without sign.
 *
 * <p>Values are signed 64-bit numbers on their way through the gateway, so an unsigned one of 64
 * bits above 2^63-1 has none: it is delivered as bad, and never as another number.
 *
 * @param width in registers, 1..4
 */
record IntegerCodec(String type, int width, boolean signed, RegisterOrder order)
    implements BitPatternCodec {

  @Override
  public int bits() {
    return 16 * width;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    long raw = order.join(words, offset, width);
    int unused = Long.SIZE - bits();
    long value = signed ? raw << unused >> unused : raw;
    if (value < 0 && !signed) {
      sink.bad(
          index,
          "the device gave "
              + Long.toUnsignedString(value)
              + ": of "
              + type
              + " only values up to "
              + Long.MAX_VALUE
              + " can be taken");
      return;
    }
    sink.integer(index, value);
  }

  @Override
  public int[] encode(Value value) {
    // Of 64 bits without sign, the upper half cannot be said in a value.
    int magnitude = signed ? bits() - 1 : Math.min(bits(), Long.SIZE - 1);
    long max = -1L >>> (Long.SIZE - magnitude);
    return order.split(WholeNumbers.of(type, value, signed ? ~max : 0, max), width);
  }

  @Override
  public int[] place(long pattern) {
    return order.split(pattern, width);
  }
}
