package io.snaprail.storage.internal.json;

import java.math.BigDecimal;
import java.util.List;

/** A JSON value and where it began. */
public sealed interface Json {

  /**
   * A place in a text.
   *
   * @param line 1-based
   * @param column 1-based, in UTF-16 units
   */
  record Position(int line, int column) {
    /** Where a value stands that was not read from a text. */
    public static final Position NONE = new Position(0, 0);

    @Override
    public String toString() {
      return line + ":" + column;
    }
  }

  /** A text. */
  record Text(String value, Position at) implements Json {
    @Override
    public String describe() {
      return value.length() > 40
          ? "the text \"" + value.substring(0, 40) + "...\""
          : "the text \"" + value + "\"";
    }
  }

  /** A number, as it was written. */
  record Num(String literal, Position at) implements Json {
    /** Whether it was written without fraction and exponent. */
    public boolean whole() {
      return literal.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
    }

    /** Its exact value. */
    public BigDecimal decimal() {
      return new BigDecimal(literal);
    }

    @Override
    public String describe() {
      return literal;
    }
  }

  /** A boolean. */
  record Bool(boolean value, Position at) implements Json {
    @Override
    public String describe() {
      return Boolean.toString(value);
    }
  }

  /** The word {@code null}. */
  record Null(Position at) implements Json {
    @Override
    public String describe() {
      return "null";
    }
  }

  /** An array. */
  record Array(List<Json> items, Position at) implements Json {
    /** Copies the list. */
    public Array {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "an array";
    }
  }

  /**
   * An object.
   *
   * @param members in the order of the text, doubles included
   * @param tail comments before the closing brace
   */
  record Obj(List<Member> members, List<String> tail, Position at) implements Json {
    /** Copies the lists. */
    public Obj {
      members = List.copyOf(members);
      tail = List.copyOf(tail);
    }

    @Override
    public String describe() {
      return "an object";
    }
  }

  /**
   * A member of an object.
   *
   * @param key without quotes
   * @param keyAt where the key began
   * @param value what it holds
   * @param raw the value as it was written
   * @param before comments above the key, each as it was written
   * @param after comment behind the value, on its line; empty when there is none
   */
  record Member(
      String key, Position keyAt, Json value, String raw, List<String> before, String after) {
    /** Copies the list. */
    public Member {
      before = List.copyOf(before);
    }
  }

  /** Where it began. */
  Position at();

  /** What it is, for messages. */
  String describe();
}
