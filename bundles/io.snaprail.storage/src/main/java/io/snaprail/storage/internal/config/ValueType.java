package io.snaprail.storage.internal.config;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The type of a configuration property.
 *
 * @param scalar type of the value or of each item
 * @param shape whether there is one value or several
 */
record ValueType(ScalarType scalar, Shape shape) {

  /** Whether there is one value or several. */
  enum Shape {
    SCALAR,
    ARRAY,
    PRIMITIVE_ARRAY,
    COLLECTION
  }

  private static final String COLLECTION_PREFIX = "Collection<";

  static ValueType scalar(ScalarType scalar) {
    return new ValueType(scalar, Shape.SCALAR);
  }

  static ValueType array(ScalarType scalar) {
    return new ValueType(scalar, Shape.ARRAY);
  }

  /**
   * The type that a suffix of a key names (OSGi R8, section 150.3.1.4); null when it names none.
   */
  static @Nullable ValueType parse(String suffix) {
    if (suffix.startsWith(COLLECTION_PREFIX) && suffix.endsWith(">")) {
      String item = suffix.substring(COLLECTION_PREFIX.length(), suffix.length() - 1);
      ScalarType scalar = ScalarType.find(ScalarType::label, item);
      return scalar == null ? null : new ValueType(scalar, Shape.COLLECTION);
    }
    boolean array = suffix.endsWith("[]");
    String item = array ? suffix.substring(0, suffix.length() - 2) : suffix;
    ScalarType boxed = ScalarType.find(ScalarType::label, item);
    if (boxed != null) {
      return new ValueType(boxed, array ? Shape.ARRAY : Shape.SCALAR);
    }
    ScalarType primitive = ScalarType.find(type -> nameOf(type.primitive()), item);
    return primitive == null
        ? null
        : new ValueType(primitive, array ? Shape.PRIMITIVE_ARRAY : Shape.SCALAR);
  }

  private static @Nullable String nameOf(@Nullable Class<?> type) {
    return type == null ? null : type.getName();
  }

  /**
   * The type of a value that Configuration Admin holds.
   *
   * @throws IllegalArgumentException when it is none that it may hold
   */
  static ValueType of(Object value) {
    if (value instanceof Collection<?> items) {
      ScalarType item = items.isEmpty() ? ScalarType.STRING : boxed(items.iterator().next());
      return new ValueType(item, Shape.COLLECTION);
    }
    Class<?> component = value.getClass().getComponentType();
    if (component == null) {
      return scalar(boxed(value));
    }
    if (component.isPrimitive()) {
      ScalarType scalar = ScalarType.find(ScalarType::primitive, component);
      return new ValueType(known(scalar, component), Shape.PRIMITIVE_ARRAY);
    }
    return array(known(ScalarType.find(ScalarType::boxed, component), component));
  }

  private static ScalarType boxed(Object value) {
    return known(ScalarType.find(ScalarType::boxed, value.getClass()), value.getClass());
  }

  private static ScalarType known(@Nullable ScalarType type, Class<?> found) {
    if (type == null) {
      throw new IllegalArgumentException(
          "expected a text, number, boolean or an array of one kind, found " + found.getName());
    }
    return type;
  }

  boolean several() {
    return shape != Shape.SCALAR;
  }

  /** Makes a value of this type out of its items. */
  Object assemble(List<Object> items) {
    if (shape == Shape.SCALAR) {
      return items.get(0);
    }
    if (shape == Shape.COLLECTION) {
      return new ArrayList<>(items);
    }
    Class<?> primitive = scalar.primitive();
    Class<?> component =
        shape == Shape.PRIMITIVE_ARRAY && primitive != null ? primitive : scalar.boxed();
    Object array = Array.newInstance(component, items.size());
    for (int i = 0; i < items.size(); i++) {
      Array.set(array, i, items.get(i));
    }
    return array;
  }

  /** What a value of the type is, for messages. */
  String expected() {
    return several() ? "an array, each item " + scalar.expected() : scalar.expected();
  }

  /** The suffix of keys that names this type. */
  @Override
  public String toString() {
    Class<?> primitive = scalar.primitive();
    return switch (shape) {
      case SCALAR -> scalar.label();
      case ARRAY -> scalar.label() + "[]";
      case PRIMITIVE_ARRAY -> (primitive == null ? scalar.label() : primitive.getName()) + "[]";
      case COLLECTION -> COLLECTION_PREFIX + scalar.label() + ">";
    };
  }
}
