package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/** What a run of registers, or a single bit, means. Immutable. */
public interface RegisterCodec {
  /** The name of the type in register maps. */
  String type();

  /** How many registers, or bits in a table of bits, a value takes. */
  int width();

  /**
   * Delivers a value.
   *
   * @param words registers 0..65535, or bits 0 or 1
   * @param offset where the value begins
   * @param index of the point in the sink
   */
  void decode(int[] words, int offset, int index, Sink sink);

  /**
   * Makes registers, or a bit, of a value.
   *
   * @throws IllegalArgumentException when the value does not fit: expected and found
   */
  int[] encode(Value value);
}
