package io.snaprail.api.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Chooses points by {@code device/point}, with {@code *} and {@code ?} as wildcards in both. */
public final class PointFilter {
  private record Choice(Pattern device, Pattern point) {}

  private final List<Choice> choices;

  private PointFilter(List<Choice> choices) {
    this.choices = List.copyOf(choices);
  }

  /**
   * Reads choices.
   *
   * @param key for messages
   * @param texts {@code device/point}, or {@code device} for all of its points; none chooses none
   * @throws IllegalArgumentException when one is wrong; the message names key, expected and found
   */
  public static PointFilter parse(String key, List<String> texts) {
    List<Choice> choices = new ArrayList<>();
    for (String text : texts) {
      String[] parts = text.strip().split("/", -1);
      if (parts.length > 2 || parts[0].isEmpty() || (parts.length == 2 && parts[1].isEmpty())) {
        throw new IllegalArgumentException(
            key + ": expected device/point, with * and ? as wildcards, found '" + text + "'");
      }
      choices.add(new Choice(pattern(parts[0]), pattern(parts.length == 2 ? parts[1] : "*")));
    }
    return new PointFilter(choices);
  }

  /** Whether it chooses nothing at all. */
  public boolean none() {
    return choices.isEmpty();
  }

  /** Whether any point of a device may be chosen. */
  public boolean device(String device) {
    return choices.stream().anyMatch(choice -> choice.device().matcher(device).matches());
  }

  /** Whether a point is chosen. */
  public boolean matches(String device, String point) {
    return choices.stream()
        .anyMatch(
            choice ->
                choice.device().matcher(device).matches()
                    && choice.point().matcher(point).matches());
  }

  private static Pattern pattern(String wildcards) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < wildcards.length(); i++) {
      char c = wildcards.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }
}
