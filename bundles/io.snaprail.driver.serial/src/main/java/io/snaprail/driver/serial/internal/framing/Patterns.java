package io.snaprail.driver.serial.internal.framing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of settings: compiled, and refused when they could only run away. */
public final class Patterns {
  /** Repetitions of groups, one inside another: what is more is no frame but a way to be busy. */
  private static final long MAX_REPETITIONS = 100_000;

  private static final int MAX_LENGTH = 4_096;
  private static final Pattern REPEATED_GROUP =
      Pattern.compile("\\)\\{([0-9]{1,18})(?:,([0-9]{0,18}))?}");

  private Patterns() {}

  /**
   * Compiles an expression; a dot matches every byte.
   *
   * @param key of the setting, for the message
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static Pattern compile(String key, String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          key
              + ": expected a regular expression of at most "
              + MAX_LENGTH
              + " characters, found "
              + text.length());
    }
    checkRepetitions(key, text);
    try {
      return Pattern.compile(text, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s: expected a regular expression, found '%s': %s at character %d"
              .formatted(key, text, e.getDescription(), e.getIndex() + 1),
          e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException(
          key + ": expected a regular expression with fewer groups inside groups");
    }
  }

  /** Repeating what is empty looks at no character, so that {@link BoundedText} cannot stop it. */
  private static void checkRepetitions(String key, String text) {
    long all = 1;
    Matcher groups = REPEATED_GROUP.matcher(text);
    while (groups.find()) {
      String most = groups.group(2);
      long count = Long.parseLong(most == null || most.isEmpty() ? groups.group(1) : most);
      all = count > MAX_REPETITIONS ? count : Math.max(1, all * count);
      if (all > MAX_REPETITIONS) {
        throw new IllegalArgumentException(
            "%s: expected groups that are repeated %d times at most, all counts multiplied; found '%s'"
                .formatted(key, MAX_REPETITIONS, text));
      }
    }
  }
}
