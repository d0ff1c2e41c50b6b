package io.snaprail.core.internal.points;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Periods as people write them: {@code 500}, {@code 500ms}, {@code 10s}, {@code 5m}, 1h, 1d. */
final class Periods {
  private static final Pattern PERIOD = Pattern.compile("(\\d{1,10})\\s*(ms|s|m|h|d)?");

  private Periods() {}

  /** As {@link #parse} reads it, in the largest unit of which it is a whole number. */
  static String format(Duration period) {
    long millis = period.toMillis();
    String[] units = {"d", "h", "m", "s"};
    long[] lengths = {86_400_000, 3_600_000, 60_000, 1_000};
    for (int i = 0; i < units.length; i++) {
      if (millis % lengths[i] == 0) {
        return millis / lengths[i] + units[i];
      }
    }
    return millis + "ms";
  }

  /** The period, or null when the text is not one. A number alone is in ms. */
  static @Nullable Duration parse(String text) {
    Matcher matcher = PERIOD.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    if (unit == null) {
      return Duration.ofMillis(number);
    }
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
