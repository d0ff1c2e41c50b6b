package io.snaprail.storage.internal.config;

import io.snaprail.storage.internal.json.Json;
import io.snaprail.storage.internal.json.Json.Position;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns JSON into the values of Configuration Admin and back. */
final class Values {
  private Values() {}

  /**
   * The type that a JSON value has by itself: whole numbers are Integer, or Long when they are too
   * large for it, other numbers Double, arrays those of their items.
   *
   * @throws ConfigException for null, objects, arrays of arrays and arrays of several kinds
   */
  static ValueType naturalType(Json json) throws ConfigException {
    if (!(json instanceof Json.Array array)) {
      return ValueType.scalar(naturalScalar(json));
    }
    ScalarType type = null;
    for (Json item : array.items()) {
      ScalarType next = naturalScalar(item);
      type = type == null ? next : common(type, next, item);
    }
    return ValueType.array(type == null ? ScalarType.STRING : type);
  }

  private static ScalarType naturalScalar(Json json) throws ConfigException {
    if (json instanceof Json.Text) {
      return ScalarType.STRING;
    }
    if (json instanceof Json.Bool) {
      return ScalarType.BOOLEAN;
    }
    if (json instanceof Json.Num number) {
      if (!number.whole()) {
        return ScalarType.DOUBLE;
      }
      boolean small = ScalarType.INTEGER.exact(number.decimal()) != null;
      return small ? ScalarType.INTEGER : ScalarType.LONG;
    }
    throw mismatch("a text, number, boolean or an array of one of these", json);
  }

  private static ScalarType common(ScalarType a, ScalarType b, Json item) throws ConfigException {
    if (a == b) {
      return a;
    }
    if (isNumber(a) && isNumber(b)) {
      return a == ScalarType.DOUBLE || b == ScalarType.DOUBLE ? ScalarType.DOUBLE : ScalarType.LONG;
    }
    throw mismatch("items of one kind, like the first: " + a.expected(), item);
  }

  private static boolean isNumber(ScalarType type) {
    return type != ScalarType.STRING && type != ScalarType.BOOLEAN;
  }

  /**
   * A JSON value in a type.
   *
   * @param fromText whether texts may stand for numbers and booleans, as they may where the key
   *     names the type
   * @throws ConfigException when it is not of that type
   */
  static Object convert(Json json, ValueType type, boolean fromText) throws ConfigException {
    if (!type.several()) {
      return item(json, type.scalar(), fromText);
    }
    if (!(json instanceof Json.Array array)) {
      throw mismatch(type.expected(), json);
    }
    List<Object> items = new ArrayList<>();
    for (Json item : array.items()) {
      items.add(item(item, type.scalar(), fromText));
    }
    return type.assemble(items);
  }

  private static Object item(Json json, ScalarType type, boolean fromText) throws ConfigException {
    Object value = null;
    if (json instanceof Json.Num number) {
      value = type.exact(number.decimal());
    } else if (json instanceof Json.Bool bool && type == ScalarType.BOOLEAN) {
      value = bool.value();
    } else if (json instanceof Json.Text text
        && (fromText || type == ScalarType.STRING || type == ScalarType.CHARACTER)) {
      value = type.parse(text.value());
    }
    if (value == null) {
      throw mismatch(type.expected(), json);
    }
    return value;
  }

  private static ConfigException mismatch(String expected, Json found) {
    return new ConfigException(
        new Fault(found.at(), "expected " + expected + ", found " + found.describe()));
  }

  /** A value of Configuration Admin as JSON. */
  static Json toJson(Object value) {
    if (!ValueType.of(value).several()) {
      return scalarJson(value);
    }
    return new Json.Array(items(value).stream().map(Values::scalarJson).toList(), Position.NONE);
  }

  private static Json scalarJson(Object value) {
    if (value instanceof Boolean bool) {
      return new Json.Bool(bool, Position.NONE);
    }
    boolean finite = !(value instanceof Float || value instanceof Double) || finite(value);
    return value instanceof Number && finite
        ? new Json.Num(value.toString(), Position.NONE)
        : new Json.Text(value.toString(), Position.NONE);
  }

  private static boolean finite(Object value) {
    return Double.isFinite(((Number) value).doubleValue());
  }

  /** The items of an array or collection, or the value itself. */
  static List<Object> items(Object value) {
    if (value instanceof Collection<?> collection) {
      return List.copyOf(collection);
    }
    if (!value.getClass().isArray()) {
      return List.of(value);
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < Array.getLength(value); i++) {
      items.add(Array.get(value, i));
    }
    return items;
  }

  /**
   * Whether two configurations say the same; widths of numbers and kinds of arrays do not count.
   */
  static boolean same(@Nullable Map<String, Object> a, @Nullable Map<String, Object> b) {
    return (a == null || b == null) ? a == b : plain(a).equals(plain(b));
  }

  private static Map<String, Object> plain(Map<String, Object> values) {
    Map<String, Object> plain = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    values.forEach((key, value) -> plain.put(key, plain(value)));
    return plain;
  }

  /** A form in which equal values are equal objects. */
  static Object plain(Object value) {
    if (value instanceof Collection<?> || value.getClass().isArray()) {
      return items(value).stream().map(Values::plain).toList();
    }
    if (value instanceof Number && !(value.equals(Double.NaN) || value.equals(Float.NaN))) {
      try {
        return new BigDecimal(value.toString()).stripTrailingZeros();
      } catch (NumberFormatException e) {
        return value.toString(); // an infinity
      }
    }
    return value instanceof Boolean ? value : value.toString();
  }
}
