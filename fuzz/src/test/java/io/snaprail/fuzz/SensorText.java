package io.snaprail.fuzz;

import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * An input for what reads sensors: lines {@code key=value}, an empty line, and then anything. What
 * is not given, or is no number where one is expected, is as usual.
 */
final class SensorText {
  private final Map<String, String> settings = new HashMap<>();
  private final byte[] rest;

  SensorText(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    int from = 0;
    int end = text.indexOf('\n');
    while (end > from) {
      String line = text.substring(from, end);
      int equals = line.indexOf('=');
      if (equals > 0) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
      from = end + 1;
      end = text.indexOf('\n', from);
    }
    rest = Arrays.copyOfRange(input, Math.min(input.length, from + 1), input.length);
  }

  byte[] rest() {
    return rest.clone();
  }

  String text(String key, String otherwise) {
    return settings.getOrDefault(key, otherwise);
  }

  int number(String key, int otherwise) {
    return (int) value(key, int.class, otherwise);
  }

  SensorConfig sensor() {
    return form(SensorConfig.class);
  }

  LineConfig line() {
    return form(LineConfig.class);
  }

  private <T> T form(Class<T> form) {
    return form.cast(
        Proxy.newProxyInstance(
            form.getClassLoader(),
            new Class<?>[] {form},
            (proxy, method, arguments) ->
                value(
                    method.getName().replace('_', '.'),
                    method.getReturnType(),
                    method.getDefaultValue())));
  }

  private Object value(String key, Class<?> type, Object otherwise) {
    String text = settings.get(key);
    if (text == null) {
      return otherwise;
    }
    if (type == int.class) {
      return text.matches("-?[0-9]{1,9}") ? Integer.valueOf(text) : otherwise;
    }
    if (type == boolean.class) {
      return text.equals("true");
    }
    return type == String[].class ? text.split(";", -1) : text;
  }
}
