package io.snaprail.driver.serial;

import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
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

  static <T> T of(Class<T> form, Map<String, Object> properties) {
    return form.cast(
        Proxy.newProxyInstance(
            form.getClassLoader(),
            new Class<?>[] {form},
            (proxy, method, arguments) ->
                properties.getOrDefault(
                    method.getName().replace('_', '.'), method.getDefaultValue())));
  }

  /** A sensor as the framework would make it. */
  static SerialSensor sensor(Map<String, Object> properties, SerialLines lines) {
    return new SerialSensor(
        of(LineConfig.class, properties), of(SensorConfig.class, properties), properties, lines);
  }
}
