package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/** An IEEE 754 single precision number in two registers. */
record Float32Codec(String type, RegisterOrder order) implements RegisterCodec {
  private static final int WIDTH = 2;

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    sink.float32(index, Float.intBitsToFloat((int) order.join(words, offset, WIDTH)));
  }

  /** Rounds to the nearest single; what lies outside its range is refused, and so is NaN. */
  @Override
  public int[] encode(Value value) {
    if (value instanceof Value.Text || value instanceof Value.Bool) {
      throw unfit(value);
    }
    float single = (float) value.number();
    if (Float.isNaN(single) || Float.isInfinite(single)) {
      throw unfit(value);
    }
    return order.split(Float.floatToRawIntBits(single) & 0xffff_ffffL, WIDTH);
  }

  private IllegalArgumentException unfit(Value value) {
    return new IllegalArgumentException(
        type
            + " takes a number "
            + -Float.MAX_VALUE
            + ".."
            + Float.MAX_VALUE
            + ", found "
            + value.text());
  }
}
