package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;

/** A coil or a discrete input. */
record BoolCodec(String type) implements RegisterCodec {
  @Override
  public int width() {
    return 1;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    sink.bool(index, words[offset] != 0);
  }

  @Override
  public int[] encode(Value value) {
    return new int[] {on(type, value) ? 1 : 0};
  }

  /**
   * Whether a value means on.
   *
   * @throws IllegalArgumentException when it means neither on nor off
   */
  static boolean on(String type, Value value) {
    if (value instanceof Value.Bool bool) {
      return bool.value();
    }
    double number = value.number();
    if (number == 0 || number == 1) {
      return number == 1;
    }
    throw new IllegalArgumentException(type + " takes true, false, 1 or 0, found " + value.text());
  }
}
