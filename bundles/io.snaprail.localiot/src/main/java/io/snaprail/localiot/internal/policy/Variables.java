package io.snaprail.localiot.internal.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of policy variables for one connection, which are the keys of conditions, too. */
@FunctionalInterface
public interface Variables {
  /** Knows no variable. */
  Variables NONE = name -> List.of();

  /**
   * The values of a variable, as they are.
   *
   * @param name without the braces, such as {@code iot:ClientId}
   * @return empty when it has none: what names it then matches nothing
   */
  List<String> values(String name);

  /** The first value, which is what takes the place of the variable in a pattern. */
  default Optional<String> value(String name) {
    return values(name).stream().findFirst();
  }

  /** Fixed values. */
  static Variables of(Map<String, String> values) {
    Map<String, String> copy = Map.copyOf(values);
    return name -> Optional.ofNullable(copy.get(name)).stream().toList();
  }
}
