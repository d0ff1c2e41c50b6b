package io.snaprail.driver.simulator.internal.plant;

/** A run of registers that values are put into, most significant word first. */
final class Words {
  private final int[] words;

  Words(int size) {
    words = new int[size];
  }

  void int16(int address, double value) {
    long whole = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(value)));
    words[address] = (int) (whole & 0xFFFF);
  }

  void uint16(int address, double value) {
    words[address] = (int) Math.max(0, Math.min(0xFFFF, Math.round(value)));
  }

  void int32(int address, double value) {
    put(address, (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Math.round(value))));
  }

  /** Counters wrap around. */
  void uint32(int address, long value) {
    put(address, (int) value);
  }

  void float32(int address, double value) {
    put(address, Float.floatToIntBits((float) value));
  }

  /** Least significant word first, as some makers have it. */
  void float32Swapped(int address, double value) {
    put(address, Integer.rotateLeft(Float.floatToIntBits((float) value), 16));
  }

  private void put(int address, int bits) {
    words[address] = bits >>> 16;
    words[address + 1] = bits & 0xFFFF;
  }

  int size() {
    return words.length;
  }

  int get(int address) {
    return words[address];
  }

  void set(int address, int word) {
    words[address] = word;
  }

  int signed16(int address) {
    return (short) words[address];
  }

  int bits32(int address) {
    return words[address] << 16 | words[address + 1];
  }

  float real(int address) {
    return Float.intBitsToFloat(bits32(address));
  }
}
