package io.snaprail.driver.modbus.internal.codec;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a type as register maps write it: {@code name(argument)!mark!mark}.
 *
 * @param name in lower case; whatever was written when it has not this form
 * @param argument what stands in parentheses; empty when there are none
 * @param marks values that mean that there is none, in lower case
 */
record TypeText(String name, String argument, List<String> marks) {
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9]+) *(?:\\( *([^()!]*?) *\\))?((?: *! *[^()! ]+)*)");

  /** Longer texts are no types; looking for the form in them would take time without end. */
  private static final int LONGEST = 200;

  static TypeText of(String text) {
    String lower = text.trim().toLowerCase(Locale.ROOT);
    Matcher form = FORM.matcher(lower);
    if (lower.length() > LONGEST || !form.matches()) {
      return new TypeText(lower, "", List.of());
    }
    String argument = form.group(2) == null ? "" : form.group(2);
    String marks = form.group(3).replace(" ", "");
    return new TypeText(
        form.group(1),
        argument,
        marks.isEmpty() ? List.of() : List.of(marks.substring(1).split("!", -1)));
  }
}
