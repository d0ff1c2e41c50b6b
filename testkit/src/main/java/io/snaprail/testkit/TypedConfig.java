package io.snaprail.testkit;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as the framework hands them to components. */
public final class TypedConfig {
  private TypedConfig() {}

  /**
   * The typed view of properties: what is given, and defaults for the rest. Method {@code
   * max_gap()} is key {@code max.gap}; numbers are cut to int as the framework does it.
   *
   * @param type a configuration annotation, or an interface that extends one
   */
  public static <T> T of(Class<T> type, Map<String, Object> properties) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object value = properties.get(method.getName().replace('_', '.'));
              if (value == null) {
                return method.getDefaultValue();
              }
              return value instanceof Number number ? number.intValue() : value;
            }));
  }
}
