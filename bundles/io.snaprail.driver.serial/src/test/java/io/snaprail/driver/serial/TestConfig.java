package io.snaprail.driver.serial;

import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A configuration as the framework would hand it over. */
final class TestConfig {
  private TestConfig() {}

  static Map<String, Object> properties(Object... keysAndValues) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", "io.snaprail.driver.serial~test");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }

  static SensorConfig of(Map<String, Object> properties) {
    return SensorConfig.class.cast(
        Proxy.newProxyInstance(
            SensorConfig.class.getClassLoader(),
            new Class<?>[] {SensorConfig.class},
            (proxy, method, arguments) ->
                properties.getOrDefault(
                    method.getName().replace('_', '.'), method.getDefaultValue())));
  }
}
