package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/**
 * A whole number in two's complement or without sign.
 *
 * @param width in registers, 1..3; the value and its sign then fit into a {@code long}
 */
record IntegerCodec(String type, int width, boolean signed, RegisterOrder order)
    implements RegisterCodec {

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    long raw = order.join(words, offset, width);
    int unused = Long.SIZE - 16 * width;
    sink.integer(index, signed ? raw << unused >> unused : raw);
  }

  @Override
  public int[] encode(Value value) {
    int bits = 16 * width;
    long min = signed ? -1L << (bits - 1) : 0;
    long max = (1L << (signed ? bits - 1 : bits)) - 1;
    long whole = whole(value, min, max);
    if (whole < min || whole > max) {
      throw unfit(value, min, max);
    }
    return order.split(whole, width);
  }

  private long whole(Value value, long min, long max) {
    if (value instanceof Value.Int i) {
      return i.value();
    }
    if (value instanceof Value.Float32 || value instanceof Value.Float64) {
      double number = value.number();
      // Above 2^53 neighbours cannot be told apart; no range here reaches as far.
      if (number == Math.rint(number) && number >= min && number <= max) {
        return (long) number;
      }
    }
    throw unfit(value, min, max);
  }

  private IllegalArgumentException unfit(Value value, long min, long max) {
    return new IllegalArgumentException(
        type + " takes a whole number " + min + ".." + max + ", found " + value.text());
  }
}
