package io.snaprail.driver.sml.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a value is (IEC 62056-6-1): medium, channel, quantity, kind, tariff and storage.
 *
 * @param a 0..255 each; -1 for any
 */
public record Obis(int a, int b, int c, int d, int e, int f) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d{1,3})-(\\d{1,3}):)?(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:\\*(\\d{1,3}))?");

  /** Storage of the present value. */
  private static final int PRESENT = 255;

  /** The six bytes of a name. */
  static Obis of(byte[] name) {
    return new Obis(
        name[0] & 0xff,
        name[1] & 0xff,
        name[2] & 0xff,
        name[3] & 0xff,
        name[4] & 0xff,
        name[5] & 0xff);
  }

  /**
   * Reads {@code 1-0:1.8.0*255}, {@code 1-0:1.8.0} or {@code 1.8.0}: medium and channel may be any
   * when they are left out, and the storage is the present value.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Obis parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no OBIS code");
    }
    return new Obis(
        part(parts.group(1), -1),
        part(parts.group(2), -1),
        part(parts.group(3), -1),
        part(parts.group(4), -1),
        part(parts.group(5), -1),
        part(parts.group(6), PRESENT));
  }

  private static int part(String digits, int otherwise) {
    int part = digits == null ? otherwise : Integer.parseInt(digits);
    if (part > 255) {
      throw new IllegalArgumentException("a part of an OBIS code above 255");
    }
    return part;
  }

  /** Whether this name is meant. */
  public boolean fits(Obis found) {
    return (a < 0 || a == found.a)
        && (b < 0 || b == found.b)
        && c == found.c
        && d == found.d
        && e == found.e
        && f == found.f;
  }

  @Override
  public String toString() {
    String medium = a < 0 ? "" : a + "-" + b + ":";
    return medium + c + "." + d + "." + e + "*" + f;
  }
}
