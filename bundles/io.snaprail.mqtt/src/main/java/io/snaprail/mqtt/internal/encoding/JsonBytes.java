package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  private static final int MAX_DECIMALS = 6;
  private static final int MAX_DIGITS = 32;
  private static final double MAX_SINGLE = 1 << 24;
  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

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

  /** Takes back what was appended since it had this length. */
  void truncate(int to) {
    length = to;
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

  /** Appends any text as it is. */
  JsonBytes utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
    return this;
  }

  /** Whether there is a value, and JSON has such: numbers are finite in it (RFC 8259, 6). */
  static boolean representable(@Nullable Value value) {
    if (value instanceof Value.Float64 d) {
      return Double.isFinite(d.value());
    }
    if (value instanceof Value.Float32 f) {
      return Float.isFinite(f.value());
    }
    return value != null;
  }

  /** Whether two times are written alike. */
  static boolean sameMillis(Instant a, Instant b) {
    return a.getEpochSecond() == b.getEpochSecond()
        && a.getNano() / 1_000_000 == b.getNano() / 1_000_000;
  }

  /** Appends a value with the digits that it has; null where it is not {@link #representable}. */
  JsonBytes valueOrNull(@Nullable Value value) {
    if (value instanceof Value.Float64 d && Double.isFinite(d.value())) {
      return decimal(d.value()) ? this : raw(d.text());
    }
    if (value instanceof Value.Float32 f && Float.isFinite(f.value())) {
      return decimal(f.value()) ? this : raw(f.text());
    }
    if (value instanceof Value.Int whole) {
      return number(whole.value());
    }
    if (value instanceof Value.Text text) {
      return string(text.value());
    }
    return value == null || !representable(value) ? raw("null") : raw(value.text());
  }

  /**
   * Appends a number as {@link Double#toString} writes it, if it has a few decimals as usual ones
   * do, without its long arithmetic: n / 10^k is rounded once, just as the text is when it is read,
   * so the first k that gives the number back is the shortest text of it.
   */
  private boolean decimal(double value) {
    double size = Math.abs(value);
    if (size >= 1e-3 && size < 1e7) {
      double scale = 10;
      for (int decimals = 1; decimals <= MAX_DECIMALS; decimals++, scale *= 10) {
        double scaled = Math.rint(size * scale);
        if (scaled / scale == size) {
          decimal((long) scaled, decimals, value < 0);
          return true;
        }
      }
    }
    return false;
  }

  /** The same for single precision, where rounding twice does not matter: 24 bits at most. */
  private boolean decimal(float value) {
    float size = Math.abs(value);
    if (size >= 0.125f && size < 1e7f) {
      double scale = 10;
      for (int decimals = 1; decimals <= MAX_DECIMALS; decimals++, scale *= 10) {
        double scaled = Math.rint(size * scale);
        if (scaled >= MAX_SINGLE) {
          return false;
        }
        if ((float) (scaled / scale) == size) {
          decimal((long) scaled, decimals, value < 0);
          return true;
        }
      }
    }
    return false;
  }

  private void decimal(long scaled, int decimals, boolean negative) {
    reserve(MAX_DIGITS);
    if (negative) {
      buffer[length++] = '-';
    }
    long unit = POWERS[decimals];
    number(scaled / unit);
    buffer[length++] = '.';
    long rest = scaled % unit;
    for (int i = length + decimals - 1; i >= length; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += decimals;
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
    return raw("\"").text(text).raw("\"");
  }

  /** Appends what may stand between quotes: escaped; lone surrogates become U+FFFD. */
  JsonBytes text(String text) {
    int count = text.length();
    // Six bytes for the worst character there is.
    reserve(6 * count);
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
    return this;
  }

  /** Appends a quoted time stamp in UTC with milliseconds, ISO 8601. */
  JsonBytes time(Instant instant) {
    return raw("\"").plainTime(instant).raw("\"");
  }

  /** The same without quotes. */
  JsonBytes plainTime(Instant instant) {
    long second = instant.getEpochSecond();
    if (second != cachedSecond) {
      cachedText = SECOND.format(instant);
      cachedSecond = second;
    }
    int millis = instant.getNano() / 1_000_000;
    raw(cachedText);
    reserve(5);
    buffer[length++] = '.';
    buffer[length++] = (byte) ('0' + millis / 100);
    buffer[length++] = (byte) ('0' + millis / 10 % 10);
    buffer[length++] = (byte) ('0' + millis % 10);
    buffer[length++] = 'Z';
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
