package io.snaprail.driver.modbus.internal.codec;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Types of SunSpec points, and the pattern of each that means that there is no value (SunSpec
 * Information Model Specification, "Value Representation").
 */
public enum SunSpecType {
  /** Signed. */
  INT16(1, true, 0x8000),
  /** Unsigned. */
  UINT16(1, false, 0xffff),
  /** Counter that starts at 0, which means that it does not count. */
  ACC16(1, false, 0),
  /** One of a list. */
  ENUM16(1, false, 0xffff),
  /** A bit a condition. */
  BITFIELD16(1, false, 0xffff),
  /** Exponent of ten. */
  SUNSSF(1, true, 0x8000),
  /** Signed. */
  INT32(2, true, 0x8000_0000L),
  /** Unsigned. */
  UINT32(2, false, 0xffff_ffffL),
  /** Counter. */
  ACC32(2, false, 0),
  /** One of a list. */
  ENUM32(2, false, 0xffff_ffffL),
  /** A bit a condition. */
  BITFIELD32(2, false, 0xffff_ffffL),
  /** Signed. */
  INT64(4, true, Long.MIN_VALUE),
  /** Unsigned. */
  UINT64(4, false, -1),
  /** Counter. */
  ACC64(4, false, 0),
  /** A bit a condition. */
  BITFIELD64(4, false, -1);

  private final int width;
  private final boolean signed;
  private final long none;

  SunSpecType(int width, boolean signed, long none) {
    this.width = width;
    this.signed = signed;
    this.none = none;
  }

  /** The type of a name in lower case; null when there is none. */
  public static @Nullable SunSpecType find(String name) {
    return Arrays.stream(values())
        .filter(type -> type.label().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Every name, for messages. */
  static String choices() {
    return Arrays.stream(values()).map(SunSpecType::label).collect(Collectors.joining(", "));
  }

  /** The name in models and register maps. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** In registers. */
  public int width() {
    return width;
  }

  boolean signed() {
    return signed;
  }

  /** Whether it counts, so that its 0 may be one that has not counted yet. */
  public boolean counter() {
    return this == ACC16 || this == ACC32 || this == ACC64;
  }

  /** The bits at a place. */
  static long bits(int[] words, int at, int width) {
    return RegisterOrder.BIG_ENDIAN.join(words, at, width);
  }

  /** Whether what is at a place means that there is no value. */
  public boolean none(int[] words, int at) {
    return bits(words, at, width) == none;
  }

  /** What means that there is no value, for messages. */
  String noneShown() {
    return none == 0 ? "0" : "0x" + Long.toHexString(none).toUpperCase(Locale.ROOT);
  }
}
