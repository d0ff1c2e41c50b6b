package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/**
 * One bit of a register.
 *
 * @param bit 0..15, 0 the least significant
 */
record BitCodec(String type, int bit, RegisterOrder order) implements RegisterCodec {
  @Override
  public int width() {
    return 1;
  }

  @Override
  public int mask() {
    return order.split(1L << bit, 1)[0];
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    sink.bool(index, (order.join(words, offset, 1) >> bit & 1) != 0);
  }

  @Override
  public int[] encode(Value value) {
    return new int[] {BoolCodec.on(type, value) ? mask() : 0};
  }
}
