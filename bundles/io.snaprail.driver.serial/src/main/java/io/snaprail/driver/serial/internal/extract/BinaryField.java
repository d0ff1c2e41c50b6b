package io.snaprail.driver.serial.internal.extract;

import io.snaprail.api.driver.Sink;
import io.snaprail.driver.serial.internal.framing.Frame;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number in binary: {@code bytes:4} with a type such as {@code uint16} and the order {@code big}
 * (default) or {@code little}; {@code bytes:4.3} is a bit, 0 the least significant. Places count
 * from 0 at the first byte of the content; negative ones from behind its end.
 */
final class BinaryField {
  private static final Pattern ADDRESS = Pattern.compile("bytes: *(-?[0-9]{1,5})(?:\\.([0-7]))?");
  private static final Map<String, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry("int8", 1),
          Map.entry("uint8", 1),
          Map.entry("int16", 2),
          Map.entry("uint16", 2),
          Map.entry("int24", 3),
          Map.entry("uint24", 3),
          Map.entry("int32", 4),
          Map.entry("uint32", 4),
          Map.entry("int64", 8),
          Map.entry("float32", 4),
          Map.entry("float64", 8),
          Map.entry("bcd8", 1),
          Map.entry("bcd16", 2),
          Map.entry("bcd32", 4));
  private static final int WHOLE = -1;

  private final int place;
  private final int bit;
  private final String type;
  private final int width;
  private final boolean little;
  private final List<String> marks;

  private BinaryField(int place, int bit, String type, boolean little, List<String> marks) {
    this.place = place;
    this.bit = bit;
    this.type = type;
    this.width = bit == WHOLE ? WIDTHS.get(type) : 1;
    this.little = little;
    this.marks = marks;
  }

  /** Whether an address is one of this kind. */
  static boolean is(String address) {
    return address.startsWith("bytes:");
  }

  /**
   * Reads address, type and order as register maps write them.
   *
   * @throws IllegalArgumentException naming what was expected and what was found
   */
  static BinaryField of(String address, String typeText, String order) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "address '"
              + address
              + "': expected bytes:N or bytes:N.BIT, N from 0, or negative from the end");
    }
    String[] parts = typeText.strip().toLowerCase(Locale.ROOT).split("!", -1);
    int bit = matcher.group(2) == null ? WHOLE : Integer.parseInt(matcher.group(2));
    boolean known = bit == WHOLE ? WIDTHS.containsKey(parts[0]) : parts[0].equals("bool");
    if (!known) {
      throw new IllegalArgumentException(
          "type '"
              + typeText
              + "': expected "
              + (bit == WHOLE
                  ? "int8, uint8, int16, uint16, int24, uint24, int32, uint32, int64, float32,"
                      + " float64, bcd8, bcd16 or bcd32"
                  : "bool for a bit"));
    }
    String wanted = order.strip().toLowerCase(Locale.ROOT);
    if (!wanted.isEmpty() && !wanted.equals("big") && !wanted.equals("little")) {
      throw new IllegalArgumentException("order '" + order + "': expected big or little");
    }
    List<String> marks = List.of(parts).subList(1, parts.length);
    int digits = 2 * WIDTHS.getOrDefault(parts[0], 1);
    if (!marks.stream().allMatch(mark -> mark.matches("0x[0-9a-f]{" + digits + "}"))) {
      throw new IllegalArgumentException(
          "type '"
              + typeText
              + "': expected behind ! the bytes that mean no value as 0x and "
              + digits
              + " hexadecimal digits");
    }
    return new BinaryField(
        Integer.parseInt(matcher.group(1)), bit, parts[0], wanted.equals("little"), marks);
  }

  /** Delivers the number. */
  void deliver(Frame frame, int index, Sink sink) {
    int length = frame.to() - frame.from();
    int first = place < 0 ? length + place : place;
    if (first < 0 || first + width > length) {
      sink.bad(index, "the frame has " + length + " bytes, expected a " + type + " at " + place);
      return;
    }
    long bits = bits(frame, frame.from() + first);
    String hex = "0x" + "%0" + 2 * width + "x";
    if (marks.contains(hex.formatted(bits))) {
      sink.bad(
          index, "the device gave " + hex.formatted(bits) + ", which means that it has no value");
    } else if (bit != WHOLE) {
      sink.bool(index, (bits >> bit & 1) == 1);
    } else if (type.startsWith("bcd")) {
      decimal(bits, index, sink);
    } else if (type.equals("float32")) {
      sink.float32(index, Float.intBitsToFloat((int) bits));
    } else if (type.equals("float64")) {
      sink.float64(index, Double.longBitsToDouble(bits));
    } else {
      sink.integer(index, type.startsWith("u") ? bits : signed(bits));
    }
  }

  /** Four bits a digit. */
  private static void decimal(long bits, int index, Sink sink) {
    String digits = Long.toHexString(bits);
    if (digits.chars().allMatch(c -> c <= '9')) {
      sink.integer(index, Long.parseLong(digits));
    } else {
      sink.bad(index, "expected decimal digits of four bits, found 0x" + digits);
    }
  }

  private long bits(Frame frame, int from) {
    long bits = 0;
    for (int i = 0; i < width; i++) {
      bits = bits << 8 | (frame.bytes()[from + (little ? width - 1 - i : i)] & 0xff);
    }
    return bits;
  }

  private long signed(long bits) {
    int unused = Long.SIZE - 8 * width;
    return bits << unused >> unused;
  }
}
