package io.snaprail.driver.serial.internal.framing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Bytes as people write them in settings: text, in which {@code \r \n \t \0 \\} and {@code \x02}
 * stand for bytes, and names such as {@code <STX>} for the control characters of ASCII.
 */
public final class Escapes {
  private static final Map<Character, Integer> SHORT =
      Map.of('r', 0x0d, 'n', 0x0a, 't', 0x09, '0', 0x00, '\\', 0x5c, 'e', 0x1b);

  /** The control characters by their names in ASCII (ISO 646), in the order of their codes. */
  private static final String[] NAMES = {
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US"
  };

  private Escapes() {}

  /**
   * The bytes of a text.
   *
   * @param key of the setting, for the message
   * @throws IllegalArgumentException when an escape is none: expected and found
   */
  public static byte[] bytes(String key, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        i = escape(key, text, i, bytes);
      } else if (c == '<' && control(text, i) >= 0) {
        int code = control(text, i);
        bytes.write(code);
        i += NAMES[code].length() + 2;
      } else {
        bytes.writeBytes(
            text.substring(i, i + Character.charCount(text.codePointAt(i)))
                .getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(text.codePointAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static int escape(String key, String text, int at, ByteArrayOutputStream bytes) {
    char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    Integer code = SHORT.get(next);
    if (code != null) {
      bytes.write(code);
      return at + 2;
    }
    if (next == 'x' && at + 4 <= text.length()) {
      int high = Character.digit(text.charAt(at + 2), 16);
      int low = Character.digit(text.charAt(at + 3), 16);
      if (high >= 0 && low >= 0) {
        bytes.write(high << 4 | low);
        return at + 4;
      }
    }
    throw new IllegalArgumentException(
        key
            + ": expected \\r"
            + ", \\n"
            + ", \\t, \\0, \\e, \\\\ or \\x and two hexadecimal digits at character "
            + (at + 1)
            + ", found '"
            + text.substring(at, Math.min(text.length(), at + 4))
            + "'");
  }

  private static int control(String text, int at) {
    int end = text.indexOf('>', at);
    for (int code = 0; end > 0 && code < NAMES.length; code++) {
      if (NAMES[code].equals(text.substring(at + 1, end))) {
        return code;
      }
    }
    return -1;
  }

  /** Bytes as people can read them back: text, with escapes for what is none. */
  public static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      int c = b & 0xff;
      if (c == '\\') {
        text.append("\\\\");
      } else if (c >= 0x20 && c < 0x7f) {
        text.append((char) c);
      } else {
        text.append(c == '\r' ? "\\r" : c == '\n' ? "\\n" : "\\x%02X".formatted(c));
      }
    }
    return text.toString();
  }
}
