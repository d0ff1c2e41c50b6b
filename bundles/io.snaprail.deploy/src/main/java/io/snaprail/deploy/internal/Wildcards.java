package io.snaprail.deploy.internal;

import java.util.List;
import java.util.regex.Pattern;

/** Names that are allowed, with {@code *} and {@code ?}. */
public final class Wildcards {
  private final List<String> texts;
  private final List<Pattern> patterns;

  /** None allows nothing. */
  public Wildcards(List<String> texts) {
    this.texts = texts.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
    this.patterns = this.texts.stream().map(Wildcards::pattern).toList();
  }

  /** Whether a name is allowed. */
  public boolean matches(String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  private static Pattern pattern(String text) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString());
  }

  /** For messages. */
  @Override
  public String toString() {
    return texts.isEmpty() ? "none" : String.join(", ", texts);
  }
}
