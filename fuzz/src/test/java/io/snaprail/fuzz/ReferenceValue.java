package io.snaprail.fuzz;

import io.snaprail.api.model.Value;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** What registers mean, written once more on whole numbers of any size, one byte after another. */
final class ReferenceValue {
  private static final Pattern KNOWN =
      Pattern.compile("u?int(8|16|32|64)|float(16|32|64)|bcd(16|32)|(bits|string)\\(.*");

  private ReferenceValue() {}

  /** Whether a type is written once more here. */
  static boolean knows(String type) {
    return KNOWN.matcher(type).matches();
  }

  /**
   * The value of registers; null when they have none.
   *
   * @param type in its plain form, such as {@code bits(3..5)}
   * @param order letters; empty for most significant first
   * @param bytes of as many registers as the type takes, as they come over the line
   */
  static Value of(String type, String order, byte[] bytes) {
    String name = type.replaceFirst("\\(.*", "");
    if (name.equals("string")) {
      return text(order, bytes, Integer.parseInt(type.replaceAll("\\D", "")));
    }
    BigInteger raw = new BigInteger(1, arranged(order, bytes));
    int bits = Integer.parseInt("0" + name.replaceAll("\\D", ""));
    return switch (name.replaceAll("\\d", "")) {
      case "int" -> new Value.Int(signed(raw, bits));
      case "uint" -> unsigned(low(raw, bits));
      case "bits" -> field(type, raw);
      case "bcd" -> bcd(raw);
      case "float" -> number(raw, bits);
      default -> throw new AssertionError(type);
    };
  }

  private static byte[] arranged(String order, byte[] bytes) {
    byte[] arranged = bytes.clone();
    for (int i = 0; i < order.length(); i++) {
      arranged[order.toUpperCase(Locale.ROOT).charAt(i) - 'A'] = bytes[i];
    }
    return arranged;
  }

  private static BigInteger low(BigInteger raw, int bits) {
    return raw.mod(BigInteger.ONE.shiftLeft(bits));
  }

  private static long signed(BigInteger raw, int bits) {
    BigInteger own = low(raw, bits);
    return (own.testBit(bits - 1) ? own.subtract(BigInteger.ONE.shiftLeft(bits)) : own)
        .longValueExact();
  }

  private static Value unsigned(BigInteger raw) {
    return raw.bitLength() > 63 ? null : new Value.Int(raw.longValueExact());
  }

  private static Value field(String type, BigInteger raw) {
    String[] ends = type.replaceAll("[^0-9.]", "").split("\\.\\.", -1);
    int first = Integer.parseInt(ends[0]);
    return unsigned(low(raw.shiftRight(first), Integer.parseInt(ends[1]) - first + 1));
  }

  private static Value bcd(BigInteger raw) {
    String digits = raw.toString(16);
    return digits.matches("[0-9]+") ? new Value.Int(Long.parseLong(digits)) : null;
  }

  private static Value number(BigInteger raw, int bits) {
    return switch (bits) {
      case 16 -> new Value.Float32(half(raw.intValueExact()));
      case 32 -> new Value.Float32(Float.intBitsToFloat(raw.intValue()));
      default -> new Value.Float64(Double.longBitsToDouble(raw.longValue()));
    };
  }

  /** IEEE 754, binary16: the bits moved into a single, whose exponent is 112 larger. */
  private static float half(int bits) {
    int sign = (bits & 0x8000) << 16;
    if ((bits & 0x7c00) == 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f80_0000 | (bits & 0x3ff) << 13);
    }
    float magnitude = Float.intBitsToFloat((bits & 0x7fff) << 13) * 0x1p112f;
    return sign == 0 ? magnitude : -magnitude;
  }

  private static Value text(String order, byte[] bytes, int room) {
    byte[] text = bytes.clone();
    if (order.equalsIgnoreCase("BA")) {
      for (int i = 0; i < text.length; i++) {
        text[i] = bytes[i ^ 1];
      }
    }
    int length = 0;
    while (length < room && text[length] != 0) {
      length++;
    }
    while (length > 0 && text[length - 1] == ' ') {
      length--;
    }
    byte[] own = Arrays.copyOf(text, length);
    String read = new String(own, StandardCharsets.UTF_8);
    // Bytes that are no UTF-8 do not come out as they went in.
    return Arrays.equals(read.getBytes(StandardCharsets.UTF_8), own) ? new Value.Text(read) : null;
  }
}
