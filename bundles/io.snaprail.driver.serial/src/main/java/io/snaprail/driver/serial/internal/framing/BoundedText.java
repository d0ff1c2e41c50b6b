package io.snaprail.driver.serial.internal.framing;

import java.util.function.BooleanSupplier;

/**
 * A text that a regular expression may look at only so often: nested repetitions could otherwise
 * keep it busy for years ("catastrophic backtracking"). Steps are counted rather than time, so that
 * the same input always ends in the same way.
 */
public final class BoundedText implements CharSequence {
  private static final int STEPS_EACH = 1_000;
  private static final int STEPS_LEAST = 200_000;

  private final CharSequence text;
  private final String key;
  private final int[] left;

  /** The pattern needs more steps than any sensible one. */
  public static final class RunawayPatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunawayPatternException(String key) {
      super(
          key
              + ": the regular expression does not come to an end on what came; expected one"
              + " without repetitions inside repetitions, such as (a+)+ or (a|a)*");
    }
  }

  /**
   * A text for one use of a pattern.
   *
   * @param key of the setting with the pattern, for the message
   */
  public BoundedText(CharSequence text, String key) {
    this(text, key, new int[] {STEPS_LEAST + STEPS_EACH * text.length()});
  }

  private BoundedText(CharSequence text, String key, int[] left) {
    this.text = text;
    this.key = key;
    this.left = left;
  }

  /**
   * Runs a match on such a text.
   *
   * @throws RunawayPatternException when it takes too many steps, or too deep a recursion
   */
  public static boolean run(String key, BooleanSupplier match) {
    try {
      return match.getAsBoolean();
    } catch (StackOverflowError e) {
      throw new RunawayPatternException(key);
    }
  }

  @Override
  public char charAt(int index) {
    if (left[0]-- <= 0) {
      throw new RunawayPatternException(key);
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new BoundedText(text.subSequence(start, end), key, left);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
