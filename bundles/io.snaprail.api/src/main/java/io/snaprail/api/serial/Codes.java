package io.snaprail.api.serial;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads settings that are one of a few words. */
final class Codes {
  private Codes() {}

  static <T> T parse(String key, String text, T[] values, Function<T, String> code) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(values)
        .filter(value -> code.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    key
                        + ": expected "
                        + Arrays.stream(values).map(code).collect(Collectors.joining(", "))
                        + ", found '"
                        + text
                        + "'"));
  }

  static void requireRange(String key, int min, int max, int found) {
    if (found < min || found > max) {
      throw new IllegalArgumentException(
          "%s: expected %d..%d, found %d".formatted(key, min, max, found));
    }
  }
}
