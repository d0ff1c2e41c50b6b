package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/**
 * A whole number in some bits of a register: a byte, or a field of bits.
 *
 * @param lowest bit of the register that is the number's least significant, 0..15
 * @param bits 1..16, none past bit 15
 */
record PartCodec(String type, int lowest, int bits, boolean signed, RegisterOrder order)
    implements BitPatternCodec {

  @Override
  public int width() {
    return 1;
  }

  @Override
  public int mask() {
    return place(-1)[0];
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    long raw = order.join(words, offset, 1) >> lowest;
    int unused = Long.SIZE - bits;
    long top = raw << unused;
    sink.integer(index, signed ? top >> unused : top >>> unused);
  }

  @Override
  public int[] encode(Value value) {
    long max = (1L << (signed ? bits - 1 : bits)) - 1;
    return place(WholeNumbers.of(type, value, signed ? ~max : 0, max));
  }

  @Override
  public int[] place(long pattern) {
    long own = pattern & ((1L << bits) - 1);
    return order.split(own << lowest, 1);
  }
}
