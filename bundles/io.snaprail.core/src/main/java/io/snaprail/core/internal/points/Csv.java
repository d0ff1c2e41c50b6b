package io.snaprail.core.internal.points;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits CSV text into records as RFC 4180 has it: quoted fields may hold delimiters, doubled
 * quotes and line breaks. Accepts what spreadsheets really write: LF, CRLF and CR, a byte order
 * mark, a first line {@code sep=;}, blank lines, and comments, which start with {@code #} and which
 * a spreadsheet may have put into quotes.
 */
final class Csv {
  private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=(.)\"?[ \t]*(\r\n|\n|\r)");

  /**
   * One record.
   *
   * @param line line where it starts, 1-based
   * @param fields without quotes and surrounding blanks
   */
  record Row(int line, List<String> fields) {}

  /**
   * What a text holds.
   *
   * @param delimiter between its fields
   * @param rows those that are neither blank nor a comment
   * @param comments texts behind the {@code #}
   */
  record Sheet(char delimiter, List<Row> rows, List<String> comments) {}

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
  private char delimiter;
  private int at;
  private int line = 1;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> comments = new ArrayList<>();

  private Csv(String text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
    this.at = text.startsWith("\uFEFF") ? 1 : 0;
  }

  /** Reads a text; the delimiter is found in the first line that is not blank or a comment. */
  static Sheet read(String text) throws CsvException {
    Csv csv = new Csv(text, ',');
    Matcher separator = SEPARATOR_LINE.matcher(text).region(csv.at, text.length());
    if (separator.lookingAt()) {
      csv.delimiter = separator.group(1).charAt(0);
      csv.at = separator.end();
      csv.line++;
    } else {
      csv.comments();
      csv.delimiter = csv.delimiterOfLine();
    }
    csv.rows();
    return new Sheet(csv.delimiter, csv.rows, csv.comments);
  }

  /** Splits a text at a known delimiter. */
  static List<Row> split(String text, char delimiter) throws CsvException {
    Csv csv = new Csv(text, delimiter);
    csv.rows();
    return csv.rows;
  }

  private void rows() throws CsvException {
    while (at < text.length()) {
      if (comment()) {
        continue;
      }
      Row row = row();
      if (!row.fields.stream().allMatch(String::isEmpty)) {
        rows.add(row);
      }
    }
  }

  /** Passes the comments and blank lines at the beginning, whatever the delimiter is. */
  private void comments() throws CsvException {
    while (at < text.length()) {
      if (!comment()) {
        int end = endOfLine(at);
        if (!Blanks.strip(text.substring(at, end)).isEmpty()) {
          return;
        }
        at = end;
        lineBreak();
      }
    }
  }

  /** Of the line that comes next: spreadsheets of many countries write semicolons. */
  private char delimiterOfLine() {
    boolean quoted = false;
    char found = ',';
    for (int i = at; i < text.length() && (quoted || !endsLine(text.charAt(i))); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      if (!quoted && c == ',') {
        return ',';
      }
      if (!quoted && (c == ';' || c == '\t') && found == ',') {
        found = c;
      }
    }
    return found;
  }

  /** Takes a line that starts with {@code #}; what is in it need not be CSV, unless in quotes. */
  private boolean comment() throws CsvException {
    int start = pastBlanks(at);
    if (text.startsWith("#", start)) {
      int end = endOfLine(start);
      comments.add(withoutTail(text.substring(start + 1, end)));
      at = end;
      lineBreak();
      return true;
    }
    if (text.startsWith("\"#", start)) {
      at = start + 1;
      comments.add(withoutTail(quotedText().substring(1)));
      at = endOfLine(at);
      lineBreak();
      return true;
    }
    return false;
  }

  /** A spreadsheet fills comments up with delimiters to the width of the table. */
  private static String withoutTail(String comment) {
    int end = comment.length();
    while (end > 0
        && (",;".indexOf(comment.charAt(end - 1)) >= 0 || comment.charAt(end - 1) <= ' ')) {
      end--;
    }
    return Blanks.strip(comment.substring(0, end));
  }

  private Row row() throws CsvException {
    int start = line;
    List<String> fields = new ArrayList<>();
    while (true) {
      fields.add(field());
      if (at >= text.length()) {
        return new Row(start, fields);
      }
      if (endsLine(text.charAt(at))) {
        lineBreak();
        return new Row(start, fields);
      }
      at++;
    }
  }

  private String field() throws CsvException {
    int start = pastBlanks(at);
    if (start < text.length() && text.charAt(start) == '"') {
      at = start + 1;
      return closed(quotedText());
    }
    int end = at;
    while (end < text.length() && text.charAt(end) != delimiter && !endsLine(text.charAt(end))) {
      end++;
    }
    String field = Blanks.strip(text.substring(at, end));
    at = end;
    return field;
  }

  /** What is in quotes; stands behind them then. */
  private String quotedText() throws CsvException {
    int opened = line;
    StringBuilder field = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\n' || (c == '\r' && !text.startsWith("\n", at))) {
        line++;
      }
      if (c != '"') {
        field.append(c);
      } else if (text.startsWith("\"", at)) {
        field.append('"');
        at++;
      } else {
        return field.toString();
      }
    }
    throw new CsvException(opened, "a quoted field is never closed: expected '\"'");
  }

  private String closed(String field) throws CsvException {
    at = pastBlanks(at);
    if (at < text.length() && text.charAt(at) != delimiter && !endsLine(text.charAt(at))) {
      throw new CsvException(
          line,
          "expected '"
              + (delimiter == '\t' ? "a tab" : delimiter)
              + "' or the end of the line after a quoted field, found '"
              + text.charAt(at)
              + "'");
    }
    return field;
  }

  /** Behind the blanks that come next in the line; a delimiter is none. */
  private int pastBlanks(int from) {
    int to = from;
    while (to < text.length()
        && text.charAt(to) != delimiter
        && !endsLine(text.charAt(to))
        && Blanks.blank(text.charAt(to))) {
      to++;
    }
    return to;
  }

  private static boolean endsLine(char c) {
    return c == '\n' || c == '\r';
  }

  private int endOfLine(int from) {
    int end = from;
    while (end < text.length() && !endsLine(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Passes the line break that comes next, if one does. */
  private void lineBreak() {
    if (at < text.length()) {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      line++;
    }
  }
}
