package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/**
 * A moment as the count of seconds, milliseconds or microseconds since 1970-01-01 in UTC, leap
 * seconds left out; delivered as a text, see {@link Moments}.
 *
 * @param width in registers: 2 without sign (until 2106), 4 in two's complement
 */
record UnixTimeCodec(String type, int width, Moments unit, RegisterOrder order)
    implements BitPatternCodec {
  private static final int NARROW = 2;
  private static final long MAX_NARROW = 0xffff_ffffL;

  @Override
  public int bits() {
    return 16 * width;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    long count = order.join(words, offset, width);
    if (unit.valid(count)) {
      sink.text(index, unit.text(unit.moment(count)));
    } else {
      sink.bad(index, "the device gave " + count + ", which is no time in the years 1 to 9999");
    }
  }

  /** Takes a text, or the count itself. */
  @Override
  public int[] encode(Value value) {
    long count =
        value instanceof Value.Int number ? number.value() : unit.count(unit.parse(type, value));
    boolean fits = width != NARROW || (count >= 0 && count <= MAX_NARROW);
    if (!unit.valid(count) || !fits) {
      throw new IllegalArgumentException(
          type
              + " takes a time "
              + (width == NARROW ? "1970..2106" : "in the years 1 to 9999")
              + ", found "
              + value.text());
    }
    return order.split(count, width);
  }

  @Override
  public int[] place(long pattern) {
    return order.split(pattern, width);
  }
}
