package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/** What a run of registers, or a single bit, means. Immutable. */
public interface RegisterCodec {
  /** The name of the type in register maps. */
  String type();

  /** How many registers, or bits in a table of bits, are read for a value. */
  int width();

  /** How many of them lie before the register that the address names. */
  default int before() {
    return 0;
  }

  /** Whether values of it can be written. */
  default boolean writable() {
    return true;
  }

  /**
   * Which bits of its register the value takes, as they stand on the line; {@code 0xffff} when it
   * takes whole registers. The other bits are not its own and a write leaves them as they are.
   */
  default int mask() {
    return 0xffff;
  }

  /**
   * Delivers a value, or that there is none.
   *
   * @param words registers 0..65535, or bits 0 or 1
   * @param offset where the value begins
   * @param index of the point in the sink
   */
  void decode(int[] words, int offset, int index, Sink sink);

  /**
   * Makes registers, or a bit, of a value; bits outside {@link #mask()} are 0.
   *
   * @throws IllegalArgumentException when the value does not fit: expected and found
   */
  int[] encode(Value value);
}
