package io.snaprail.driver.mbus.internal.link;

import java.util.Locale;

/** How a meter is reached. */
public sealed interface MeterAddress {
  /** The address of whichever meter was selected before. */
  int SELECTED = 253;

  /** The address that every meter answers: for one meter alone on its bus. */
  int ONLY_ONE = 254;

  /**
   * A primary address.
   *
   * @param number 0..250, or 254 for the only meter
   */
  record Primary(int number) implements MeterAddress {
    @Override
    public String toString() {
      return "meter " + number;
    }
  }

  /**
   * A secondary address, by which a meter is selected.
   *
   * @param digits 16 hexadecimal digits: identification (8), manufacturer (4), version (2), medium
   *     (2), in the order in which people write them; F stands for any digit
   */
  record Secondary(String digits) implements MeterAddress {
    /** The eight bytes as they are sent, each field with its lowest byte first. */
    public byte[] bytes() {
      byte[] bytes = new byte[8];
      for (int i = 0; i < 4; i++) {
        bytes[i] = at(6 - 2 * i);
      }
      bytes[4] = at(10);
      bytes[5] = at(8);
      bytes[6] = at(12);
      bytes[7] = at(14);
      return bytes;
    }

    private byte at(int place) {
      return (byte) Integer.parseInt(digits.substring(place, place + 2), 16);
    }

    /** Whether a meter with that address is meant. */
    public boolean fits(Secondary found) {
      for (int i = 0; i < 8; i++) {
        char wanted = digits.charAt(i);
        if (wanted != 'F' && wanted != found.digits.charAt(i)) {
          return false;
        }
      }
      return fits(found, 8, "FFFF") && fits(found, 12, "FF") && fits(found, 14, "FF");
    }

    private boolean fits(Secondary found, int from, String any) {
      String wanted = digits.substring(from, from + any.length());
      return wanted.equals(any) || found.digits.startsWith(wanted, from);
    }

    /** The address of a telegram's long header: its first eight bytes. */
    public static Secondary of(byte[] header) {
      return new Secondary(
          "%02X%02X%02X%02X%02X%02X%02X%02X"
              .formatted(
                  header[3], header[2], header[1], header[0], header[5], header[4], header[6],
                  header[7]));
    }

    @Override
    public String toString() {
      return "meter " + digits;
    }
  }

  /**
   * Reads the setting {@code address}.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  static MeterAddress parse(String text) {
    String digits = text.strip().toUpperCase(Locale.ROOT);
    if (digits.matches("[0-9]{1,3}")) {
      int number = Integer.parseInt(digits);
      if (number <= 250 || number == ONLY_ONE) {
        return new Primary(number);
      }
    }
    if (digits.matches("[0-9F]{8}")) {
      return new Secondary(digits + "FFFFFFFF");
    }
    if (digits.matches("[0-9F]{8}[0-9A-F]{8}")) {
      return new Secondary(digits);
    }
    throw new IllegalArgumentException(
        "address: expected a primary address 0..250 (254 for the only meter of a bus), or a"
            + " secondary address of 8 digits, or of 16 with manufacturer, version and medium, F"
            + " for any; found '"
            + text
            + "'");
  }
}
