package io.snaprail.driver.serial.internal.extract;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address as register maps write it: {@code PLACE [ask REQUEST] [if PATTERN] [set COMMAND]},
 * such as {@code column:2 ask MEAS?\n}. The words in between stand alone and at most once, in any
 * order.
 *
 * @param place where the value stands in a frame; empty for a point that is only written
 * @param ask request whose answer holds it; empty for that of the device
 * @param condition regular expression that the content of a frame must match; empty for any
 * @param set command that writes it; empty when it cannot be written
 */
public record PointAddress(String place, String ask, String condition, String set) {
  private static final Pattern WORD = Pattern.compile("(?:^|(?<= ))(ask|if|set) ");

  private enum Word {
    PLACE,
    ASK,
    IF,
    SET
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException when a word stands twice: expected and found
   */
  public static PointAddress parse(String text) {
    Map<Word, String> parts = new EnumMap<>(Word.class);
    Matcher matcher = WORD.matcher(text);
    Word word = Word.PLACE;
    int from = 0;
    while (matcher.find()) {
      put(parts, word, text.substring(from, matcher.start()), text);
      word = Word.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
      from = matcher.end();
    }
    put(parts, word, text.substring(from), text);
    return new PointAddress(
        parts.getOrDefault(Word.PLACE, ""),
        parts.getOrDefault(Word.ASK, ""),
        parts.getOrDefault(Word.IF, ""),
        parts.getOrDefault(Word.SET, ""));
  }

  private static void put(Map<Word, String> parts, Word word, String part, String text) {
    String stripped = part.strip();
    if (word != Word.PLACE && stripped.isEmpty()) {
      throw new IllegalArgumentException(
          "address '"
              + text
              + "': expected something behind '"
              + word.name().toLowerCase(Locale.ROOT)
              + "'");
    }
    if (parts.put(word, stripped) != null) {
      throw new IllegalArgumentException(
          "address '"
              + text
              + "': expected '"
              + word.name().toLowerCase(Locale.ROOT)
              + "' once; in a pattern or command write a blank before it as \\x20");
    }
  }
}
