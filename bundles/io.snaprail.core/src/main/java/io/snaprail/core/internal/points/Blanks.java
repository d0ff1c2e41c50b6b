package io.snaprail.core.internal.points;

/**
 * Blanks as spreadsheets and web pages write them: also the non-breaking ones and those of no
 * width.
 */
final class Blanks {
  private Blanks() {}

  private static boolean invisible(char c) {
    return c == '\u200b' || c == '\u2060' || c == '\ufeff';
  }

  /** Whether nothing is to be seen of it. */
  static boolean blank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || invisible(c);
  }

  /** Without blanks of any kind around it. */
  static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && blank(text.charAt(start))) {
      start++;
    }
    while (end > start && blank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Stripped, with ordinary spaces for all blanks in it, and none for those of no width. */
  static String plain(String text) {
    String stripped = strip(text);
    if (stripped.chars().noneMatch(c -> c != ' ' && blank((char) c))) {
      return stripped;
    }
    StringBuilder plain = new StringBuilder(stripped.length());
    for (int i = 0; i < stripped.length(); i++) {
      char c = stripped.charAt(i);
      if (!invisible(c)) {
        plain.append(blank(c) ? ' ' : c);
      }
    }
    return plain.toString();
  }
}
