package io.snaprail.localiot.internal.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** <code>${*}</code> and the like stand for the character itself. */
  private static final Set<String> ESCAPES = Set.of("*", "?", "$");

  /** Longer values are not put in (developer guide, "X.509 certificate policy variables"). */
  private static final int LONGEST_VALUE = 1024;

  private static final int ARN_PARTS = 6;

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

  /** The text with its variables replaced, taken literally; empty when one has no value. */
  Optional<String> literal(Variables variables) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      Optional<String> value = part.literal(variables);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      out.append(value.get());
    }
    return Optional.of(out.toString());
  }

  /**
   * Whether it matches part by part, as ARNs are compared: a wildcard does not cross the first five
   * colons (IAM user guide, "Amazon Resource Name (ARN) condition operators").
   */
  boolean matchesArn(String subject, Variables variables) {
    int[] compiled = constant != null ? constant : compile(variables).orElse(null);
    if (compiled == null) {
      return false;
    }
    String[] found = subject.split(":", ARN_PARTS);
    List<int[]> wanted = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < compiled.length && wanted.size() < ARN_PARTS - 1; i++) {
      if (compiled[i] == ':') {
        wanted.add(Arrays.copyOfRange(compiled, from, i));
        from = i + 1;
      }
    }
    wanted.add(Arrays.copyOfRange(compiled, from, compiled.length));
    if (found.length != wanted.size()) {
      return false;
    }
    for (int i = 0; i < found.length; i++) {
      if (!matches(wanted.get(i), found[i])) {
        return false;
      }
    }
    return true;
  }

  private Optional<int[]> compile(Variables variables) {
    IntStream.Builder out = IntStream.builder();
    for (Part part : parts) {
      if (part.variable == null) {
        part.text.chars().map(WildcardPattern::token).forEach(out);
        continue;
      }
      Optional<String> value = part.literal(variables);
      if (value.isEmpty()) {
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
    return !value.isEmpty()
        && value.length() <= LONGEST_VALUE
        && value.chars().noneMatch(c -> FORBIDDEN_IN_VALUES.indexOf(c) >= 0);
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

    /** The text, or the value of the variable when it has one that may be put in. */
    Optional<String> literal(Variables variables) {
      if (variable == null) {
        return Optional.of(text);
      }
      if (ESCAPES.contains(variable)) {
        return Optional.of(variable);
      }
      return variables.value(variable).filter(WildcardPattern::safe);
    }
  }
}
