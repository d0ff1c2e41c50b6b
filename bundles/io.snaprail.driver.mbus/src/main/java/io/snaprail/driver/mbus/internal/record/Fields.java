package io.snaprail.driver.mbus.internal.record;

import io.snaprail.driver.mbus.internal.link.BrokenFrameException;
import io.snaprail.driver.mbus.internal.record.Content.None;
import io.snaprail.driver.mbus.internal.record.Content.Real;
import io.snaprail.driver.mbus.internal.record.Content.Text;
import io.snaprail.driver.mbus.internal.record.Content.Whole;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Data fields (EN 13757-3, clause 6.3.2 and annex A). */
final class Fields {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final int[] LENGTHS = {0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, -1, 6, -1};

  private Fields() {}

  /**
   * Reads a data field.
   *
   * @param code the low four bits of the data information
   */
  static Content read(int code, Meaning.Form form, Cursor from) throws BrokenFrameException {
    if (code == 0x0D) {
      return variable(from);
    }
    if (LENGTHS[code] < 0) {
      throw new BrokenFrameException(
          "expected a data field that there is, found DIF %02X".formatted(code));
    }
    byte[] field = from.take(LENGTHS[code], "a data field");
    if (field.length == 0) {
      return new None("the meter sends no data for it");
    }
    if (code >= 0x09) {
      return decimal(field, false);
    }
    if (code == 0x05) {
      return new Real(Float.intBitsToFloat((int) number(field)));
    }
    return switch (form) {
      case TIME -> Times.read(field);
      case BITS -> new Whole(number(field));
      case NUMBER -> signed(field);
    };
  }

  /** The lowest byte comes first. */
  static long number(byte[] field) {
    long number = 0;
    for (int i = field.length - 1; i >= 0; i--) {
      number = number << 8 | (field[i] & 0xff);
    }
    return number;
  }

  /** Type B: the lowest number means that there is none. */
  private static Content signed(byte[] field) {
    int unused = 64 - 8 * field.length;
    long value = number(field) << unused >> unused;
    if (field.length > 1 && value == Long.MIN_VALUE >> unused) {
      return new None("the meter gives " + hex(field) + ", which means not valid");
    }
    return new Whole(value);
  }

  /** Type A: F in the highest digit is a minus; any other letter means that there is no value. */
  private static Content decimal(byte[] field, boolean negative) {
    long value = 0;
    boolean minus = negative;
    for (int i = 2 * field.length - 1; i >= 0; i--) {
      int digit = (field[i / 2] >> (4 * (i % 2))) & 0x0f;
      if (digit > 9) {
        if (digit != 0x0f || i != 2 * field.length - 1) {
          return new None("the meter gives " + hex(field) + ", which is no decimal number");
        }
        minus = true;
        digit = 0;
      }
      value = 10 * value + digit;
    }
    return new Whole(minus ? -value : value);
  }

  /** Clause 6.3.2.7: the first byte tells length and kind. */
  private static Content variable(Cursor from) throws BrokenFrameException {
    int length = from.next("a length");
    String what = "a field of variable length";
    if (length < 0xC0) {
      return new Text(
          new String(reversed(from.take(length, what)), StandardCharsets.ISO_8859_1)
              .replaceAll("\\p{Cntrl}", " ")
              .strip());
    }
    if (length <= 0xC9 || (length >= 0xD0 && length <= 0xD9)) {
      byte[] field = from.take(length & 0x0f, what);
      return field.length == 0
          ? new None("the meter sends no data for it")
          : decimal(field, length >= 0xD0);
    }
    if (length >= 0xE0 && length <= 0xEF) {
      return new Text(hex(from.take(length - 0xE0, what)));
    }
    if (length >= 0xF0 && length <= 0xF4) {
      return new Text(hex(from.take(4 * (length - 0xEC), what)));
    }
    if (length == 0xF5 || length == 0xF6) {
      return new Text(hex(from.take(length == 0xF5 ? 48 : 64, what)));
    }
    throw new BrokenFrameException(
        "expected a length of a variable field, found %02X".formatted(length));
  }

  /** The highest byte first. */
  static String hex(byte[] field) {
    return HEX.formatHex(reversed(field));
  }

  private static byte[] reversed(byte[] field) {
    byte[] reversed = new byte[field.length];
    for (int i = 0; i < field.length; i++) {
      reversed[i] = field[field.length - 1 - i];
    }
    return reversed;
  }

  /** Text in the order in which it is read. */
  static String text(byte[] field) {
    return new String(reversed(field), StandardCharsets.ISO_8859_1);
  }
}
