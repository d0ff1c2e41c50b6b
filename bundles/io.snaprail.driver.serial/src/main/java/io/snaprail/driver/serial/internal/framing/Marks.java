package io.snaprail.driver.serial.internal.framing;

/** Looks for short runs of bytes. */
final class Marks {
  private Marks() {}

  /** Whether the mark stands at a place as a whole. */
  static boolean at(byte[] bytes, int place, int to, byte[] mark) {
    if (place < 0 || place + mark.length > to) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if (bytes[place + i] != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Where the mark stands first.
   *
   * @return -1 when it is nowhere
   */
  static int first(byte[] bytes, int from, int to, byte[] mark) {
    for (int i = from; i + mark.length <= to; i++) {
      if (at(bytes, i, to, mark)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Where the mark stands last.
   *
   * @return -1 when it is nowhere
   */
  static int last(byte[] bytes, int from, int to, byte[] mark) {
    for (int i = to - mark.length; i >= from; i--) {
      if (at(bytes, i, to, mark)) {
        return i;
      }
    }
    return -1;
  }

  /** Where a mark may begin whose end is still to come; {@code to} when nowhere. */
  static int begun(byte[] bytes, int from, int to, byte[] mark) {
    for (int i = Math.max(from, to - mark.length + 1); i < to; i++) {
      int known = 0;
      while (i + known < to && bytes[i + known] == mark[known]) {
        known++;
      }
      if (i + known == to) {
        return i;
      }
    }
    return to;
  }
}
