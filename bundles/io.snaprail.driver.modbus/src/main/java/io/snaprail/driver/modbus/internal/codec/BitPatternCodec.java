package io.snaprail.driver.modbus.internal.codec;

/** A codec whose values can also be given as the bits that they are made of. */
interface BitPatternCodec extends RegisterCodec {
  /** How many bits a value has, 1..64. */
  int bits();

  /**
   * The registers of a pattern of bits.
   *
   * @param pattern its low {@link #bits()} count
   */
  int[] place(long pattern);
}
