package io.snaprail.driver.modbus.internal.tools;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Registers and bytes as people read them. */
final class Words {
  private static final HexFormat BYTES = HexFormat.ofDelimiter(" ").withUpperCase();

  /** Texts shorter than this are chance. */
  private static final int SHORTEST_TEXT = 4;

  private Words() {}

  /** {@code 00 0A FF}. */
  static String hex(byte[] bytes) {
    return BYTES.formatHex(bytes);
  }

  /** {@code 000A 00FF}. */
  static String hex(int[] words) {
    return join(words, word -> String.format("%04X", word));
  }

  /** As signed numbers. */
  static String signed(int[] words) {
    return join(words, word -> Integer.toString((short) word));
  }

  /** As they are. */
  static String plain(int[] words) {
    return join(words, Integer::toString);
  }

  private static String join(int[] words, java.util.function.IntFunction<String> shown) {
    return IntStream.of(words).mapToObj(shown).collect(Collectors.joining(" "));
  }

  /** The longest run of characters in registers, high byte first; empty when there is none. */
  static String text(int[] words) {
    String all =
        Arrays.stream(words)
            .mapToObj(word -> "" + printable(word >> 8) + printable(word & 0xff))
            .collect(Collectors.joining());
    return Arrays.stream(all.split("\0+"))
        .map(String::strip)
        .filter(run -> run.length() >= SHORTEST_TEXT)
        .reduce((a, b) -> b.length() > a.length() ? b : a)
        .orElse("");
  }

  private static char printable(int octet) {
    return octet >= ' ' && octet < 0x7f ? (char) octet : '\0';
  }
}
