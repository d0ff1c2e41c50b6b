package io.snaprail.driver.serial.internal.framing;

import java.util.Map;

/**
 * How bytes are written that would look like marks.
 *
 * @param mark byte that announces one, 0..255; -1 for no escape
 * @param xor what the byte behind it is combined with; 0 for none, 0x20 as in HDLC (ISO/IEC 13239)
 * @param codes what bytes behind it stand for, as in SLIP (RFC 1055); when empty, for themselves
 */
record Escape(int mark, int xor, Map<Integer, Integer> codes) {
  /** No escape. */
  static final Escape NO = new Escape(-1, 0, Map.of());

  /** Copies the codes. */
  Escape {
    codes = Map.copyOf(codes);
  }

  boolean is(byte b) {
    return (b & 0xff) == mark;
  }

  /** Whether any byte may stand behind the escape and means itself, such as DLE before ETX. */
  boolean literal() {
    return xor == 0 && codes.isEmpty();
  }

  /**
   * What a byte behind the escape means.
   *
   * @return -1 when it means nothing
   */
  int meaning(byte behind) {
    int code = behind & 0xff;
    return codes.isEmpty() ? code ^ xor : codes.getOrDefault(code, -1);
  }
}
