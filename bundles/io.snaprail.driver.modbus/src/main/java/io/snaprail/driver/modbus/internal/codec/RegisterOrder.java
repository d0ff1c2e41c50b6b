package io.snaprail.driver.modbus.internal.codec;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Order of the bytes of a value that fills whole registers. Letters stand for bytes, A the most
 * significant, in the order in which they come over the line: {@code CDAB} is a 32-bit value whose
 * low register comes first. The protocol itself defines only {@code AB}.
 */
public enum RegisterOrder {
  /** AB, ABCD, ABCDEFGH: most significant first. The default. */
  BIG_ENDIAN(false, false),
  /**
   * CDAB, GHEFCDAB: registers least significant first, bytes within them most significant first.
   */
  WORDS_SWAPPED(true, false),
  /** BA, BADC, BADCFEHG: bytes within each register swapped. */
  BYTES_SWAPPED(false, true),
  /** DCBA, HGFEDCBA: least significant first. */
  LITTLE_ENDIAN(true, true);

  private static final String LETTERS = "ABCDEFGH";

  private final boolean swapWords;
  private final boolean swapBytes;

  RegisterOrder(boolean swapWords, boolean swapBytes) {
    this.swapWords = swapWords;
    this.swapBytes = swapBytes;
  }

  /**
   * Finds an order by its letters.
   *
   * @param text letters in either case; empty for the default
   * @param registers width of the value, 1..4
   * @return null when the text is no order of that width
   */
  public static @Nullable RegisterOrder find(String text, int registers) {
    if (text.isEmpty()) {
      return BIG_ENDIAN;
    }
    String wanted = text.toUpperCase(Locale.ROOT);
    for (RegisterOrder order : values()) {
      if (order.letters(registers).equals(wanted)) {
        return order;
      }
    }
    return null;
  }

  /** The orders of a width, for messages: {@code AB or BA}. */
  public static String choices(int registers) {
    if (registers == 1) {
      return "AB or BA";
    }
    String[] all =
        Arrays.stream(values()).map(order -> order.letters(registers)).toArray(String[]::new);
    return String.join(", ", Arrays.copyOf(all, all.length - 1)) + " or " + all[all.length - 1];
  }

  /** The letters in the order in which the bytes come over the line. */
  public String letters(int registers) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < registers; i++) {
      int word = swapWords ? registers - 1 - i : i;
      char high = LETTERS.charAt(2 * word);
      char low = LETTERS.charAt(2 * word + 1);
      letters.append(swapBytes ? low : high).append(swapBytes ? high : low);
    }
    return letters.toString();
  }

  /**
   * Puts registers together.
   *
   * @param words 0..65535 each
   * @param offset of the first
   * @param registers 1..4
   * @return the value in the low bits
   */
  public long join(int[] words, int offset, int registers) {
    long joined = 0;
    for (int i = 0; i < registers; i++) {
      int word = words[offset + (swapWords ? registers - 1 - i : i)];
      joined = joined << 16 | (swapBytes ? swapped(word) : word);
    }
    return joined;
  }

  /** Takes the low bits of a value apart; the inverse of {@link #join}. */
  public int[] split(long value, int registers) {
    int[] words = new int[registers];
    for (int i = 0; i < registers; i++) {
      int word = (int) (value >>> (16 * (registers - 1 - i))) & 0xffff;
      words[swapWords ? registers - 1 - i : i] = swapBytes ? swapped(word) : word;
    }
    return words;
  }

  private static int swapped(int word) {
    return (word & 0xff) << 8 | word >> 8;
  }
}
