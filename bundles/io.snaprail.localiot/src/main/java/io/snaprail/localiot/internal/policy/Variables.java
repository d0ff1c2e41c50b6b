package io.snaprail.localiot.internal.policy;

import java.util.Map;
import java.util.Optional;

/** Values of policy variables for one connection. */
@FunctionalInterface
public interface Variables {
  /** Knows no variable. */
  Variables NONE = name -> Optional.empty();

  /**
   * The value of a variable, as it is.
   *
   * @param name without the braces, such as {@code iot:ClientId}
   * @return empty when it has none: what names it then matches nothing
   */
  Optional<String> value(String name);

  /** Fixed values. */
  static Variables of(Map<String, String> values) {
    Map<String, String> copy = Map.copyOf(values);
    return name -> Optional.ofNullable(copy.get(name));
  }
}
