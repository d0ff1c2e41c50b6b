package io.snaprail.driver.serial.internal.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A frame that came: never changed after it was made.
 *
 * @param bytes all of it, marks included, escapes taken out
 * @param from first byte of its content
 * @param to behind the last byte of its content
 */
@SuppressWarnings("ArrayRecordComponent") // Compared and printed by nobody; copied where it leaves.
public record Frame(byte[] bytes, int from, int to) {
  /** Checks the places. */
  public Frame {
    if (from < 0 || from > to || to > bytes.length) {
      throw new IllegalArgumentException(
          "content " + from + ".." + to + " of a frame of " + bytes.length + " bytes");
    }
  }

  /** A frame without marks. */
  static Frame plain(byte[] bytes) {
    return new Frame(bytes, 0, bytes.length);
  }

  /** What stands between the marks. */
  public byte[] content() {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** The content as text, one character a byte. */
  public String text() {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
