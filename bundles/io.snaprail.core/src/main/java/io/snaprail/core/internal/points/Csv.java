package io.snaprail.core.internal.points;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits CSV text into records as RFC 4180 has it: quoted fields may hold delimiters, doubled
 * quotes and line breaks. Accepts LF and CRLF, a byte order mark, blank lines and lines that start
 * with {@code #}.
 */
final class Csv {

  /**
   * One record.
   *
   * @param line line where it starts, 1-based
   * @param fields without quotes and surrounding blanks
   */
  record Row(int line, List<String> fields) {}

  /** Text that is not CSV. */
  static final class CsvException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Where. */
    final int line;

    CsvException(int line, String message) {
      super(message);
      this.line = line;
    }
  }

  private final String text;
  private final char delimiter;
  private int at;
  private int line = 1;

  private Csv(String text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
  }

  /** Splits a text; rows that are blank or comments are left out. */
  static List<Row> split(String text, char delimiter) throws CsvException {
    Csv csv = new Csv(text.startsWith("\uFEFF") ? text.substring(1) : text, delimiter);
    List<Row> rows = new ArrayList<>();
    while (csv.at < csv.text.length()) {
      if (csv.comment()) {
        continue;
      }
      Row row = csv.row();
      boolean blank = row.fields.stream().allMatch(String::isEmpty);
      if (!blank) {
        rows.add(row);
      }
    }
    return rows;
  }

  /**
   * The delimiter of a text, from its first line that is not blank or a comment: spreadsheets of
   * many countries write semicolons.
   */
  static char delimiterOf(String text) {
    String header =
        text.lines()
            .map(l -> l.startsWith("\uFEFF") ? l.substring(1) : l)
            .filter(l -> !l.isBlank() && !l.strip().startsWith("#"))
            .findFirst()
            .orElse("");
    for (char candidate : new char[] {';', '\t'}) {
      if (header.indexOf(candidate) >= 0 && header.indexOf(',') < 0) {
        return candidate;
      }
    }
    return ',';
  }

  /** Skips a line that starts with {@code #}; what is in it need not be CSV. */
  private boolean comment() {
    int start = at;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    if (start == text.length() || text.charAt(start) != '#') {
      return false;
    }
    int end = text.indexOf('\n', start);
    at = end < 0 ? text.length() : end + 1;
    line++;
    return true;
  }

  private Row row() throws CsvException {
    int start = line;
    List<String> fields = new ArrayList<>();
    while (true) {
      fields.add(field());
      if (at >= text.length()) {
        return new Row(start, fields);
      }
      char end = text.charAt(at++);
      if (end == '\n') {
        line++;
        return new Row(start, fields);
      }
    }
  }

  private String field() throws CsvException {
    int start = at;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    if (start < text.length() && text.charAt(start) == '"') {
      at = start + 1;
      return quoted();
    }
    int end = at;
    while (end < text.length() && text.charAt(end) != delimiter && text.charAt(end) != '\n') {
      end++;
    }
    String field = text.substring(at, end).strip();
    at = end;
    return field;
  }

  private String quoted() throws CsvException {
    int opened = line;
    StringBuilder field = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\n') {
        line++;
      }
      if (c != '"') {
        field.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        field.append('"');
        at++;
      } else {
        return closed(field.toString());
      }
    }
    throw new CsvException(opened, "a quoted field is never closed: expected '\"'");
  }

  private String closed(String field) throws CsvException {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\r')) {
      at++;
    }
    if (at < text.length() && text.charAt(at) != delimiter && text.charAt(at) != '\n') {
      throw new CsvException(
          line,
          "expected '"
              + delimiter
              + "' or the end of the line after a quoted field, found '"
              + text.charAt(at)
              + "'");
    }
    return field;
  }
}
