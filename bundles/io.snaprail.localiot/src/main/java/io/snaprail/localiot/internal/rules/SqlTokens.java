package io.snaprail.localiot.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of a statement, and where the parser is among them. */
final class SqlTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>[0-9]{1,18}(?:\\.[0-9]{1,18})?)"
              + "|(?<word>[A-Za-z_][A-Za-z0-9_]*)"
              + "|'(?<text>(?:[^']|'')*+)'"
              + "|(?<sign><>|!=|<=|>=|[=<>+\\-*/%(),.]))");

  private final List<Token> tokens = new ArrayList<>();
  private int at;

  /** Kinds of tokens. */
  enum Kind {
    NUMBER,
    WORD,
    TEXT,
    SIGN,
    END
  }

  /** A token and where it begins, from 1. */
  record Token(Kind kind, String text, int column) {
    boolean is(String wanted) {
      return (kind == Kind.WORD && text.equalsIgnoreCase(wanted))
          || (kind == Kind.SIGN && text.equals(wanted));
    }
  }

  SqlTokens(String sql) throws RuleException {
    String trimmed = sql.stripTrailing();
    Matcher matcher = TOKEN.matcher(trimmed);
    int end = 0;
    while (end < trimmed.length()) {
      if (!matcher.region(end, trimmed.length()).lookingAt()) {
        throw RuleException.sql("cannot be read at character " + (end + 1));
      }
      tokens.add(token(matcher));
      end = matcher.end();
    }
    tokens.add(new Token(Kind.END, "the end", trimmed.length() + 1));
  }

  private static Token token(Matcher matcher) {
    for (Kind kind : new Kind[] {Kind.NUMBER, Kind.WORD, Kind.TEXT, Kind.SIGN}) {
      String group = kind.name().toLowerCase(java.util.Locale.ROOT);
      String text = matcher.group(group);
      if (text != null) {
        int column = matcher.start(group) + 1;
        return new Token(kind, kind == Kind.TEXT ? text.replace("''", "'") : text, column);
      }
    }
    throw new IllegalStateException("one of them matches");
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  /** Takes a token if it is there. */
  boolean take(String wanted) {
    if (peek().is(wanted)) {
      next();
      return true;
    }
    return false;
  }

  /** Takes a token that has to be there. */
  void require(String wanted) throws RuleException {
    if (!take(wanted)) {
      throw expected("'" + wanted + "'");
    }
  }

  /** Takes a token of a kind that has to be there. */
  Token require(Kind kind, String words) throws RuleException {
    if (peek().kind() != kind) {
      throw expected(words);
    }
    return next();
  }

  RuleException expected(String words) {
    Token found = peek();
    return RuleException.sql(
        "expected %s at character %d, found '%s'".formatted(words, found.column(), found.text()));
  }
}
