package io.snaprail.mqtt.internal.encoding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Splits a template into texts and names in double braces. */
final class Names {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  private Names() {}

  /**
   * A piece of a template.
   *
   * @param text as it stands there, or the name
   * @param name whether it is a name
   * @param column where it begins, from 1
   */
  record Token(String text, boolean name, int column) {
    /** With the variable's value, if it is one. */
    Token filled(Map<String, String> variables) {
      String value = name ? variables.get(text) : null;
      return value == null ? this : new Token(value, false, column);
    }
  }

  /** Splits; names are not looked at. Outside of names single and closing braces are plain text. */
  static List<Token> split(String key, String template) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < template.length()) {
      int open = template.indexOf(OPEN, at);
      // Of three braces the first is plain text: an object that begins with a name.
      while (open >= 0 && template.startsWith(OPEN, open + 1)) {
        open++;
      }
      if (open != at) {
        int end = open < 0 ? template.length() : open;
        tokens.add(new Token(template.substring(at, end), false, at + 1));
        at = end;
        continue;
      }
      int close = template.indexOf(CLOSE, open);
      if (close < 0) {
        throw wrong(key, open + 1, "'}}' after '{{'", template.substring(open));
      }
      String name = template.substring(open + OPEN.length(), close).strip();
      tokens.add(new Token(name, true, open + 1));
      at = close + CLOSE.length();
    }
    return tokens;
  }

  /** What a template's mistake is called. */
  static IllegalArgumentException wrong(String key, int column, String expected, String found) {
    String shown = found.length() > 40 ? found.substring(0, 40) + "..." : found;
    return new IllegalArgumentException(
        key + ", column " + column + ": expected " + expected + ", found '" + shown + "'");
  }

  /** An unknown name. */
  static IllegalArgumentException unknown(String key, Token token, Collection<String> known) {
    return wrong(
        key,
        token.column(),
        "one of " + String.join(", ", new TreeSet<>(known)),
        OPEN + token.text() + CLOSE);
  }
}
