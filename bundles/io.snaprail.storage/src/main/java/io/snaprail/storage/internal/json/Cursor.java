package io.snaprail.storage.internal.json;

import io.snaprail.storage.internal.json.Json.Position;
import java.util.List;

/** Walks over a text and counts lines and columns; CR, LF and CR LF each end a line. */
final class Cursor {
  private static final int END = -1;

  private final String text;
  private int offset;
  private int line = 1;
  private int lineStart;
  private boolean commentFollows;

  Cursor(String text) {
    this.text = text;
    if (text.startsWith("\uFEFF")) {
      offset = 1;
      lineStart = 1;
    }
  }

  int offset() {
    return offset;
  }

  String since(int start) {
    return text.substring(start, offset);
  }

  Position position() {
    return new Position(line, offset - lineStart + 1);
  }

  boolean atEnd() {
    return offset >= text.length();
  }

  /** The next character without taking it; -1 at the end. */
  int peek() {
    return atEnd() ? END : text.charAt(offset);
  }

  int next() {
    int c = peek();
    offset++;
    if (c == '\n' || (c == '\r' && peek() != '\n')) {
      line++;
      lineStart = offset;
    }
    return c;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** Whether the first comment of the last skip stood on the line where the skip began. */
  boolean firstCommentFollows() {
    return commentFollows;
  }

  /** Skips white space and comments; the comments are added to the list. */
  void skipBlank(List<String> comments) throws JsonException {
    int startLine = line;
    boolean first = comments.isEmpty();
    while (true) {
      int c = peek();
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        next();
      } else if (c == '/') {
        if (first) {
          commentFollows = line == startLine;
          first = false;
        }
        comments.add(comment());
      } else {
        return;
      }
    }
  }

  private String comment() throws JsonException {
    Position at = position();
    int start = offset;
    next();
    int kind = next();
    if (kind == '/') {
      while (!atEnd() && peek() != '\n' && peek() != '\r') {
        next();
      }
      return since(start).stripTrailing();
    }
    if (kind != '*') {
      throw new JsonException(at, "expected a value or a comment, found '/'");
    }
    while (!text.startsWith("*/", offset)) {
      if (atEnd()) {
        throw new JsonException(
            at, "expected '*/' at the end of this comment, found the file's end");
      }
      next();
    }
    next();
    next();
    return since(start);
  }

  JsonException expected(String what) {
    return new JsonException(position(), "expected " + what + ", found " + found());
  }

  private String found() {
    int c = peek();
    if (c == END) {
      return "the end of the file";
    }
    if (c == '\n' || c == '\r') {
      return "the end of the line";
    }
    return c < ' ' || c == 0x7f
        ? String.format("the control character U+%04X", c)
        : "'" + (char) c + "'";
  }
}
