package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text with <code>${expression}</code> in it (developer guide, "Substitution templates"). */
final class Substitution {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]*)\\}");

  private final List<Part> parts;

  private Substitution(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  private record Part(String text, @Nullable Expression expression) {}

  static Substitution of(String text) throws RuleException {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = EXPRESSION.matcher(text);
    int copied = 0;
    while (matcher.find()) {
      parts.add(new Part(text.substring(copied, matcher.start()), null));
      parts.add(new Part("", SqlParser.expression(matcher.group(1))));
      copied = matcher.end();
    }
    parts.add(new Part(text.substring(copied), null));
    return new Substitution(parts);
  }

  /** The text for a message; empty when one of its expressions is Undefined. */
  Optional<String> text(Input input) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      Expression expression = part.expression();
      if (expression == null) {
        text.append(part.text());
        continue;
      }
      JsonElement value = expression.value(input);
      if (value == null) {
        return Optional.empty();
      }
      text.append(Operators.shown(value));
    }
    return Optional.of(text.toString());
  }
}
