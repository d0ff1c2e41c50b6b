package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/**
 * One bit of a register, for reading: to write it alone takes a function that changes no other bit.
 *
 * @param bit 0..15, 0 the least significant
 */
record BitCodec(String type, int bit, RegisterOrder order) implements RegisterCodec {
  @Override
  public int width() {
    return 1;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    sink.bool(index, (order.join(words, offset, 1) >> bit & 1) != 0);
  }

  @Override
  public int[] encode(Value value) {
    throw new IllegalArgumentException("a bit of a register cannot be written");
  }
}
