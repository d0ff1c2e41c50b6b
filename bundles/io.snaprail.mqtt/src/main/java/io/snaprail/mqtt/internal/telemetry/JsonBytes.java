package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.Value;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/**
 * Writes JSON (RFC 8259) in UTF-8 straight into a buffer that is used again for the next text: no
 * tree, no reflection, no copy but the last. Not for several threads.
 */
final class JsonBytes {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  // A buffer that one huge message has blown up is not kept.
  private static final int KEEP = 256 * 1024;

  private byte[] buffer = new byte[1024];
  private int length;
  private long cachedSecond = Long.MIN_VALUE;
  private String cachedText = "";

  JsonBytes reset() {
    length = 0;
    if (buffer.length > KEEP) {
      buffer = new byte[1024];
    }
    return this;
  }

  int length() {
    return length;
  }

  byte[] copy() {
    return Arrays.copyOf(buffer, length);
  }

  /** Appends plain ASCII as it is: punctuation, names without quotes in them, numbers. */
  JsonBytes raw(String ascii) {
    int count = ascii.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      buffer[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Whether JSON has such a value: it has no numbers that are not finite (RFC 8259, 6). */
  static boolean representable(Value value) {
    return !(value instanceof Value.Float64 d && !Double.isFinite(d.value()))
        && !(value instanceof Value.Float32 f && !Float.isFinite(f.value()));
  }

  /** Appends a value that is {@link #representable}, with the digits that it has. */
  JsonBytes value(Value value) {
    if (value instanceof Value.Text text) {
      return string(text.value());
    }
    return value instanceof Value.Int whole ? number(whole.value()) : raw(value.text());
  }

  /** Appends a whole number. */
  JsonBytes number(long number) {
    if (number < 0 || number > Integer.MAX_VALUE) {
      return raw(Long.toString(number));
    }
    int digits = 1;
    for (long n = number; n >= 10; n /= 10) {
      digits++;
    }
    reserve(digits);
    length += digits;
    int rest = (int) number;
    for (int at = length - 1; digits > 0; digits--) {
      buffer[at--] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return this;
  }

  /** Appends a quoted, escaped string; lone surrogates become U+FFFD. */
  JsonBytes string(String text) {
    int count = text.length();
    // Six bytes for the worst character there is, and the quotes.
    reserve(6 * count + 2);
    buffer[length++] = '"';
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
        buffer[length++] = (byte) c;
      } else if (c < 0x80) {
        escape(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < count
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        utf8(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        utf8(Character.isSurrogate(c) ? 0xFFFD : c);
      }
    }
    buffer[length++] = '"';
    return this;
  }

  /** Appends a quoted time stamp in UTC with milliseconds, ISO 8601. */
  JsonBytes time(Instant instant) {
    long second = instant.getEpochSecond();
    if (second != cachedSecond) {
      cachedText = SECOND.format(instant);
      cachedSecond = second;
    }
    int millis = instant.getNano() / 1_000_000;
    raw("\"").raw(cachedText);
    reserve(6);
    buffer[length++] = '.';
    buffer[length++] = (byte) ('0' + millis / 100);
    buffer[length++] = (byte) ('0' + millis / 10 % 10);
    buffer[length++] = (byte) ('0' + millis % 10);
    buffer[length++] = 'Z';
    buffer[length++] = '"';
    return this;
  }

  private void escape(char c) {
    buffer[length++] = '\\';
    switch (c) {
      case '"', '\\' -> buffer[length++] = (byte) c;
      case '\n' -> buffer[length++] = 'n';
      case '\r' -> buffer[length++] = 'r';
      case '\t' -> buffer[length++] = 't';
      default -> {
        buffer[length++] = 'u';
        buffer[length++] = '0';
        buffer[length++] = '0';
        buffer[length++] = (byte) HEX[c >> 4];
        buffer[length++] = (byte) HEX[c & 0xf];
      }
    }
  }

  private void utf8(int codePoint) {
    if (codePoint < 0x800) {
      buffer[length++] = (byte) (0xc0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        buffer[length++] = (byte) (0xe0 | (codePoint >> 12));
      } else {
        buffer[length++] = (byte) (0xf0 | (codePoint >> 18));
        buffer[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
      }
      buffer[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    }
    buffer[length++] = (byte) (0x80 | (codePoint & 0x3f));
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }
}
