package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/** An IEEE 754 double precision number in four registers. */
record Float64Codec(String type, RegisterOrder order) implements RegisterCodec {
  private static final int WIDTH = 4;

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    sink.float64(index, Double.longBitsToDouble(order.join(words, offset, WIDTH)));
  }

  /** NaN and infinities are refused. */
  @Override
  public int[] encode(Value value) {
    double number = value.number();
    if (value instanceof Value.Text || value instanceof Value.Bool || !Double.isFinite(number)) {
      throw new IllegalArgumentException(
          type
              + " takes a number "
              + -Double.MAX_VALUE
              + ".."
              + Double.MAX_VALUE
              + ", found "
              + value.text());
    }
    return order.split(Double.doubleToRawLongBits(number), WIDTH);
  }
}
