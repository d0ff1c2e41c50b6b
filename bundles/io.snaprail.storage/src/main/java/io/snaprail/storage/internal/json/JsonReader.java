package io.snaprail.storage.internal.json;

import io.snaprail.storage.internal.json.Json.Member;
import io.snaprail.storage.internal.json.Json.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON (RFC 8259) with the comments of OSGi R8 (chapter 150.3), keeping the place of every
 * key and value. Libraries give a path, or an offset, but no line and column of what they accepted.
 */
public final class JsonReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 400;
  private static final int MAX_EXPONENT_LENGTH = 6;

  private final Cursor in;
  private final List<String> comments = new ArrayList<>();

  private JsonReader(String text) {
    this.in = new Cursor(text);
  }

  /**
   * Reads a text that holds one object and nothing else.
   *
   * @param text may begin with a byte order mark; any line ends
   */
  public static Document readObject(String text) throws JsonException {
    JsonReader reader = new JsonReader(text);
    reader.blank();
    List<String> head = reader.takeComments();
    if (reader.in.peek() != '{') {
      throw reader.in.expected("'{'");
    }
    Json.Obj object = reader.object(0);
    reader.blank();
    if (!reader.in.atEnd()) {
      throw reader.in.expected("nothing after the closing '}'");
    }
    return new Document(head, object, reader.takeComments());
  }

  /**
   * A whole text.
   *
   * @param head comments before the object
   * @param body the object
   * @param foot comments after it
   */
  public record Document(List<String> head, Json.Obj body, List<String> foot) {
    /** Copies the lists. */
    public Document {
      head = List.copyOf(head);
      foot = List.copyOf(foot);
    }
  }

  private Json value(int depth) throws JsonException {
    Position at = in.position();
    if (depth > MAX_DEPTH) {
      throw new JsonException(at, "expected at most " + MAX_DEPTH + " levels, found more");
    }
    int c = in.peek();
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Text(new StringToken(in).read(), at);
      default -> c == '-' || Cursor.isDigit(c) ? number(at) : word(at);
    };
  }

  private Json.Obj object(int depth) throws JsonException {
    Position at = in.position();
    in.next();
    List<Member> members = new ArrayList<>();
    blank();
    boolean more = in.peek() != '}';
    while (more) {
      members.add(member(depth));
      more = separator('}', "a key in double quotes");
      attachComment(members);
    }
    List<String> tail = takeComments();
    in.next();
    return new Json.Obj(members, tail, at);
  }

  private Member member(int depth) throws JsonException {
    List<String> before = takeComments();
    Position keyAt = in.position();
    if (in.peek() != '"') {
      throw in.expected("a key in double quotes");
    }
    String key = new StringToken(in).read();
    blank();
    if (in.peek() != ':') {
      throw in.expected("':' after the key \"" + key + "\"");
    }
    in.next();
    blank();
    comments.clear();
    int start = in.offset();
    Json value = value(depth + 1);
    comments.clear();
    return new Member(key, keyAt, value, in.since(start), before, "");
  }

  private Json.Array array(int depth) throws JsonException {
    Position at = in.position();
    in.next();
    List<Json> items = new ArrayList<>();
    blank();
    boolean more = in.peek() != ']';
    while (more) {
      items.add(value(depth + 1));
      more = separator(']', "a value");
    }
    in.next();
    return new Json.Array(items, at);
  }

  /** Whether a comma came, and not the closing sign, which is left unread. */
  private boolean separator(char close, String item) throws JsonException {
    blank();
    if (in.peek() == close) {
      return false;
    }
    if (in.peek() != ',') {
      throw in.expected("',' or '" + close + "'");
    }
    in.next();
    blank();
    if (in.peek() == close) {
      throw in.expected(item + " after the comma");
    }
    return true;
  }

  /** A comment that begins on the line where the last value ended belongs to that value. */
  private void attachComment(List<Member> members) {
    if (comments.isEmpty() || !in.firstCommentFollows()) {
      return;
    }
    Member last = members.remove(members.size() - 1);
    members.add(
        new Member(
            last.key(), last.keyAt(), last.value(), last.raw(), last.before(), comments.remove(0)));
  }

  private List<String> takeComments() {
    List<String> taken = List.copyOf(comments);
    comments.clear();
    return taken;
  }

  private void blank() throws JsonException {
    in.skipBlank(comments);
  }

  private Json number(Position at) throws JsonException {
    int start = in.offset();
    if (in.peek() == '-') {
      in.next();
    }
    if (in.peek() == '0') {
      in.next();
      if (Cursor.isDigit(in.peek())) {
        throw new JsonException(at, "expected a number without leading zeros, found one with them");
      }
    } else {
      digits();
    }
    if (in.peek() == '.') {
      in.next();
      digits();
    }
    if (in.peek() == 'e' || in.peek() == 'E') {
      in.next();
      if (in.peek() == '+' || in.peek() == '-') {
        in.next();
      }
      digits();
    }
    return new Json.Num(checkSize(in.since(start), at), at);
  }

  /** Numbers that arithmetic would choke on are refused here, where the place is known. */
  private static String checkSize(String literal, Position at) throws JsonException {
    int exponent = Math.max(literal.indexOf('e'), literal.indexOf('E'));
    boolean longExponent = exponent >= 0 && literal.length() - exponent > MAX_EXPONENT_LENGTH;
    if (literal.length() > MAX_NUMBER_LENGTH || longExponent) {
      throw new JsonException(at, "expected a number of ordinary size, found a far larger one");
    }
    return literal;
  }

  private void digits() throws JsonException {
    if (!Cursor.isDigit(in.peek())) {
      throw in.expected("a digit");
    }
    while (Cursor.isDigit(in.peek())) {
      in.next();
    }
  }

  private Json word(Position at) throws JsonException {
    int start = in.offset();
    while (Character.isLetterOrDigit(in.peek()) || in.peek() == '_') {
      in.next();
    }
    String word = in.since(start);
    return switch (word) {
      case "true" -> new Json.Bool(true, at);
      case "false" -> new Json.Bool(false, at);
      case "null" -> new Json.Null(at);
      case "" -> throw in.expected("a value");
      default ->
          throw new JsonException(
              at, "expected a value (a text stands in double quotes), found " + word);
    };
  }
}
