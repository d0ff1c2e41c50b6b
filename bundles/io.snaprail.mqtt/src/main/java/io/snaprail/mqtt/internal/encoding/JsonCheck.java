package io.snaprail.mqtt.internal.encoding;

import org.jspecify.annotations.Nullable;

/** Says where a text is not JSON (RFC 8259), strictly. For one use. */
final class JsonCheck {
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;
  private int depth;

  /**
   * Where a text stops being JSON.
   *
   * @param position from 0
   * @param expected what could have come there
   */
  record Mistake(int position, String expected) {}

  private static final class NotJson extends Exception {
    private static final long serialVersionUID = 1;
    final transient Mistake mistake;

    NotJson(Mistake mistake) {
      super(mistake.expected(), null, false, false);
      this.mistake = mistake;
    }
  }

  private JsonCheck(String text) {
    this.text = text;
  }

  /** The first mistake; null when the text is one JSON value. */
  static @Nullable Mistake check(String text) {
    JsonCheck check = new JsonCheck(text);
    try {
      check.blanks();
      check.value();
      check.blanks();
      return check.at == text.length() ? null : new Mistake(check.at, "the end");
    } catch (NotJson e) {
      return e.mistake;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean take(char c) {
    if (peek() == c && at < text.length()) {
      at++;
      return true;
    }
    return false;
  }

  private void need(boolean there, String expected) throws NotJson {
    if (!there) {
      throw new NotJson(new Mistake(at, expected));
    }
  }

  private void blanks() {
    while (" \t\r\n".indexOf(peek()) >= 0) {
      at++;
    }
  }

  private void value() throws NotJson {
    switch (peek()) {
      case '{' -> members('}');
      case '[' -> members(']');
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void word(String word) throws NotJson {
    need(text.startsWith(word, at), "a value");
    at += word.length();
  }

  private void members(char end) throws NotJson {
    at++;
    need(++depth <= MAX_DEPTH, "no more than " + MAX_DEPTH + " levels");
    blanks();
    boolean more = !take(end);
    while (more) {
      if (end == '}') {
        need(peek() == '"', "a name in quotes");
        string();
        blanks();
        need(take(':'), "':'");
        blanks();
      }
      value();
      blanks();
      more = take(',');
      need(more || take(end), "',' or '" + end + "'");
      blanks();
    }
    depth--;
  }

  private void string() throws NotJson {
    at++;
    while (!take('"')) {
      need(peek() >= ' ', "'\"' or a character that is no control character");
      if (take('\\')) {
        escape();
      } else {
        at++;
      }
    }
  }

  private void escape() throws NotJson {
    if (take('u')) {
      for (int i = 0; i < 4; i++) {
        need(Character.digit(peek(), 16) >= 0 && peek() < 0x80, "four hexadecimal digits");
        at++;
      }
    } else {
      need(peek() != '\0' && "\"\\/bfnrt".indexOf(peek()) >= 0, "an escape of JSON");
      at++;
    }
  }

  private void number() throws NotJson {
    boolean negative = take('-');
    boolean zero = take('0');
    need(zero || digits(), negative ? "a digit" : "a value");
    if (take('.')) {
      need(digits(), "a digit");
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      need(digits(), "a digit");
    }
  }

  private boolean digits() {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at > start;
  }
}
