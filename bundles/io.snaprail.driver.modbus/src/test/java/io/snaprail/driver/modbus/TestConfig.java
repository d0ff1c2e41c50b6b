package io.snaprail.driver.modbus;

import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.testkit.TypedConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * A configuration as the framework would hand it over: what is given, and defaults for the rest.
 */
public final class TestConfig {
  private TestConfig() {}

  /** Keys and values in turn, such as {@code "max.gap", 0}. */
  public static Map<String, Object> properties(Object... keysAndValues) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", "io.snaprail.driver.modbus.tcp~test");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }

  /** The typed view of properties; numbers are cut to int as the framework does it. */
  public static TcpConfig of(Map<String, Object> properties) {
    return of(TcpConfig.class, properties);
  }

  /** The same of any form. */
  public static <T> T of(Class<T> form, Map<String, Object> properties) {
    return TypedConfig.of(form, properties);
  }
}
