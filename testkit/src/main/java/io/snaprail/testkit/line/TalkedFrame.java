package io.snaprail.testkit.line;

import java.nio.charset.StandardCharsets;

/**
 * A frame that the far end of a simulated line sends by itself.
 *
 * <ul>
 *   <li>{@code line}: {@code $}, the number in eight digits, a comma, characters made of the
 *       number, {@code *}, the checksum over what stands between {@code $} and {@code *} in
 *       hexadecimal digits, CR LF
 *   <li>{@code bytes}: 0xA5, the length of the whole in a byte, the number in four bytes
 *       (big-endian), bytes made of the number, the checksum over all before it (big-endian)
 * </ul>
 *
 * @param form line or bytes
 * @param length of the whole in bytes, 24..255
 * @param checksum crc16-modbus, crc32, crc8-maxim, xor or sum8
 */
public record TalkedFrame(String form, int length, String checksum) {
  private static final int START = 0xA5;

  /** Checks the length. */
  public TalkedFrame {
    if (length < 24 || length > 255) {
      throw new IllegalArgumentException("length: expected 24..255, found " + length);
    }
  }

  private int sumBytes() {
    return switch (checksum) {
      case "crc32" -> 4;
      case "crc16-modbus" -> 2;
      default -> 1;
    };
  }

  /**
   * Tells whether bytes are what was sent in a frame, up to its checksum.
   *
   * @param bytes a whole frame
   * @return its number; -1 when it is another than any that was sent
   */
  public int number(byte[] bytes) {
    boolean line = form.equals("line");
    int sum = line ? 3 + 2 * sumBytes() : sumBytes();
    if (bytes.length != length) {
      return -1;
    }
    int number = line ? digits(bytes) : start(bytes);
    for (int at = line ? 10 : 6; number >= 0 && at < length - sum; at++) {
      if (bytes[at] != filler(number, at, line)) {
        return -1;
      }
    }
    return number;
  }

  private static int digits(byte[] bytes) {
    String digits = new String(bytes, 1, 8, StandardCharsets.ISO_8859_1);
    boolean right = bytes[0] == '$' && bytes[9] == ',' && digits.matches("[0-9]{8}");
    return right ? Integer.parseInt(digits) : -1;
  }

  private int start(byte[] bytes) {
    int number = 0;
    for (int i = 2; i < 6; i++) {
      number = number << 8 | (bytes[i] & 0xff);
    }
    return (bytes[0] & 0xff) == START && (bytes[1] & 0xff) == length ? number : -1;
  }

  private static byte filler(int number, int at, boolean line) {
    int x = number * (int) 2654435761L + at * 40503 + 12345;
    x ^= x >>> 13;
    x *= 1274126177;
    x ^= x >>> 16;
    if (!line) {
      return (byte) x;
    }
    byte c = (byte) (' ' + Integer.remainderUnsigned(x, 94));
    return c == '$' || c == '*' ? (byte) '0' : c;
  }
}
