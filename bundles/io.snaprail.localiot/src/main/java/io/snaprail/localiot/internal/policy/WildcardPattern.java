package io.snaprail.localiot.internal.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of a policy: {@code *} stands for any text, {@code /} included, {@code ?} for any one
 * character, and <code>${name}</code> for the value of a variable. Everything else is literal,
 * {@code +} and {@code #} too (AWS IoT Core developer guide, "Policy variables" and "MQTT and HTTP
 * policy examples").
 */
final class WildcardPattern {
  private static final int ANY_TEXT = -1;
  private static final int ANY_CHARACTER = -2;

  /** Characters that no value of a variable may bring into a pattern. */
  private static final String FORBIDDEN_IN_VALUES = "*$+?#";

  private final String text;
  private final List<Part> parts;

  /** The compiled pattern when it names no variable. */
  private final int @Nullable [] constant;

  private WildcardPattern(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
    this.constant =
        parts.stream().allMatch(part -> part.variable == null)
            ? compile(Variables.NONE).orElseThrow()
            : null;
  }

  /**
   * Reads a pattern.
   *
   * @throws PolicyException when a variable is not closed or has no name
   */
  static WildcardPattern parse(String text) throws PolicyException {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf("${", at);
      if (open < 0) {
        parts.add(Part.pattern(text.substring(at)));
        break;
      }
      int close = text.indexOf('}', open);
      if (close < open + 3) {
        throw new PolicyException(
            "expected '}' and a name between the braces after '${', found '" + text + "'");
      }
      parts.add(Part.pattern(text.substring(at, open)));
      parts.add(Part.variable(text.substring(open + 2, close)));
      at = close + 1;
    }
    return new WildcardPattern(text, parts);
  }

  /** Whether a variable of the pattern has no value that can be put in. */
  boolean unresolved(Variables variables) {
    return constant == null && compile(variables).isEmpty();
  }

  /** Whether it matches; a pattern with an unresolved variable matches nothing. */
  boolean matches(String subject, Variables variables) {
    int[] compiled = constant != null ? constant : compile(variables).orElse(null);
    return compiled != null && matches(compiled, subject);
  }

  private Optional<int[]> compile(Variables variables) {
    IntStream.Builder out = IntStream.builder();
    for (Part part : parts) {
      if (part.variable == null) {
        part.text.chars().map(WildcardPattern::token).forEach(out);
        continue;
      }
      Optional<String> value = variables.value(part.variable);
      if (value.isEmpty() || !safe(value.get())) {
        return Optional.empty();
      }
      value.get().chars().forEach(out);
    }
    return Optional.of(out.build().toArray());
  }

  private static int token(int character) {
    return switch (character) {
      case '*' -> ANY_TEXT;
      case '?' -> ANY_CHARACTER;
      default -> character;
    };
  }

  private static boolean safe(String value) {
    return !value.isEmpty() && value.chars().noneMatch(c -> FORBIDDEN_IN_VALUES.indexOf(c) >= 0);
  }

  // Greedy with one point to come back to: linear in the pattern for each character, whatever a
  // policy's author writes.
  private static boolean matches(int[] pattern, String subject) {
    int p = 0;
    int s = 0;
    int star = -1;
    int resume = 0;
    while (s < subject.length()) {
      if (p < pattern.length && pattern[p] == ANY_TEXT) {
        star = p++;
        resume = s;
      } else if (p < pattern.length
          && (pattern[p] == ANY_CHARACTER || pattern[p] == subject.charAt(s))) {
        p++;
        s++;
      } else if (star >= 0) {
        p = star + 1;
        s = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == ANY_TEXT) {
      p++;
    }
    return p == pattern.length;
  }

  @Override
  public String toString() {
    return text;
  }

  /** A stretch of text with wildcards, or the name of a variable. */
  private record Part(String text, @Nullable String variable) {
    static Part pattern(String text) {
      return new Part(text, null);
    }

    static Part variable(String name) {
      return new Part("", name);
    }
  }
}
