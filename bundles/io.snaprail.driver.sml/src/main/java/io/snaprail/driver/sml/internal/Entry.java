package io.snaprail.driver.sml.internal;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One value of a meter (SML_ListEntry, SML 1.04, clause 5.1.13).
 *
 * @param name what it is
 * @param unit code of IEC 62056-6-2; 0 when it is not told
 * @param scaler power of ten
 * @param value as it was sent
 * @param status of the meter for this value; null when it is not told
 */
public record Entry(Obis name, int unit, int scaler, Node value, @Nullable Long status) {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** The number in its unit; null when it is none. */
  public @Nullable BigDecimal scaled(boolean unsigned) {
    return value instanceof Node.Whole whole
        ? new BigDecimal(unsigned ? whole.unsigned() : whole.value()).scaleByPowerOfTen(scaler)
        : null;
  }

  /** Whether its number is whole, whatever it is. */
  boolean whole() {
    return scaler >= 0;
  }

  /** The value for people. */
  public String text() {
    BigDecimal number = scaled(false);
    if (number != null) {
      return number.toPlainString();
    }
    if (value instanceof Node.Octets octets) {
      return text(octets.bytes());
    }
    return value instanceof Node.Flag flag ? Boolean.toString(flag.value()) : "";
  }

  /** As characters when they are such, else in hexadecimal. */
  static String text(byte[] bytes) {
    for (byte b : bytes) {
      if (b < ' ' || b == 0x7f) {
        return HEX.formatHex(bytes);
      }
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** The unit for people; its code when it has no name here. */
  public String unitText() {
    return switch (unit) {
      case 0, 255 -> "";
      case 7 -> "s";
      case 8 -> "°";
      case 9 -> "°C";
      case 13, 14 -> "m³";
      case 15, 16 -> "m³/h";
      case 25 -> "J";
      case 27 -> "W";
      case 28 -> "VA";
      case 29 -> "var";
      case 30 -> "Wh";
      case 31 -> "VAh";
      case 32 -> "varh";
      case 33 -> "A";
      case 35 -> "V";
      case 44 -> "Hz";
      case 56 -> "%";
      case 62 -> "K";
      default -> "unit " + unit;
    };
  }
}
