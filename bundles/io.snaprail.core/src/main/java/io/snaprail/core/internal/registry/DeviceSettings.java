package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.settings.MillisSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The common settings of a device, from the properties of its service.
 *
 * @param name unique on the gateway, if no other device took it before
 * @param pid of its configuration; empty when it has none
 * @param enabled whether it is polled
 * @param map name of its register map; empty for none
 * @param rows its points inline
 * @param period of points that set none themselves
 * @param timeout longest a read or write may take
 * @param backoffMin first pause while it is away
 * @param backoffMax longest pause while it is away
 * @param readBack whether points are read back when they were written
 * @param deadbands of points, in place of those of their rows
 * @param errors what is wrong with them: key, expected, found. A device with errors is not polled:
 *     no setting is replaced in secret
 */
record DeviceSettings(
    String name,
    String pid,
    boolean enabled,
    String map,
    List<String> rows,
    Duration period,
    Duration timeout,
    Duration backoffMin,
    Duration backoffMax,
    boolean readBack,
    Map<String, Double> deadbands,
    List<String> errors) {

  DeviceSettings {
    rows = List.copyOf(rows);
    deadbands = Map.copyOf(deadbands);
    errors = List.copyOf(errors);
  }

  static DeviceSettings of(Map<String, Object> properties) {
    List<String> errors = new ArrayList<>();
    String pid = text(properties.get("service.pid"));
    String name = text(properties.get(DeviceProperties.NAME));
    if (name.isEmpty()) {
      name = pid.substring(pid.indexOf('~') + 1);
    }
    if (!PointDefinition.isName(name)) {
      errors.add(
          wrong(
              DeviceProperties.NAME,
              "1.." + PointDefinition.MAX_NAME_LENGTH + " letters, digits, '_', '-' or '.'",
              name));
    }
    Duration min = millis(MillisSetting.BACKOFF_MIN, properties, errors);
    Duration max = millis(MillisSetting.BACKOFF_MAX, properties, errors);
    if (max.compareTo(min) < 0) {
      errors.add(
          wrong(
              DeviceProperties.BACKOFF_MAX_MS,
              DeviceProperties.BACKOFF_MIN_MS + " (" + min.toMillis() + ") or more",
              String.valueOf(max.toMillis())));
    }
    return new DeviceSettings(
        name,
        pid,
        flag(DeviceProperties.ENABLED, true, properties, errors),
        text(properties.get(DeviceProperties.MAP)),
        strings(properties.get(DeviceProperties.POINTS)),
        millis(MillisSetting.PERIOD, properties, errors),
        millis(MillisSetting.TIMEOUT, properties, errors),
        min,
        max,
        flag(DeviceProperties.READ_BACK, false, properties, errors),
        deadbands(strings(properties.get(DeviceProperties.DEADBANDS)), errors),
        errors);
  }

  private static Duration millis(
      MillisSetting setting, Map<String, Object> properties, List<String> errors) {
    Object found = properties.get(setting.key());
    Duration millis = setting.parse(found);
    if (millis == null) {
      errors.add(wrong(setting.key(), setting.expected(), found));
      return Duration.ofMillis(setting.standard());
    }
    return millis;
  }

  private static Map<String, Double> deadbands(List<String> entries, List<String> errors) {
    Map<String, Double> deadbands = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.lastIndexOf('=');
      String number = entry.substring(equals + 1).strip();
      boolean fits = equals > 0 && number.matches("\\d{1,12}(\\.\\d{1,12})?([eE]-?\\d{1,2})?");
      if (!fits) {
        errors.add(wrong(DeviceProperties.DEADBANDS, "point=deadband, 0 or above", entry));
      } else {
        deadbands.put(entry.substring(0, equals).strip(), Double.valueOf(number));
      }
    }
    return deadbands;
  }

  private static boolean flag(
      String key, boolean standard, Map<String, Object> properties, List<String> errors) {
    Object found = properties.get(key);
    String text = found == null ? String.valueOf(standard) : found.toString();
    if (!text.equals("true") && !text.equals("false")) {
      errors.add(wrong(key, "true or false", text));
    }
    return text.equals("true");
  }

  private static String text(@Nullable Object found) {
    return found == null ? "" : found.toString().strip();
  }

  private static List<String> strings(@Nullable Object found) {
    if (found == null) {
      return List.of();
    }
    if (found instanceof Object[] array) {
      return Arrays.stream(array).map(String::valueOf).toList();
    }
    if (found instanceof Collection<?> collection) {
      return collection.stream().map(String::valueOf).toList();
    }
    // One row without brackets around it.
    return found.toString().isBlank() ? List.of() : List.of(found.toString());
  }

  private static String wrong(String key, String expected, @Nullable Object found) {
    return key + ": expected " + expected + ", found '" + found + "'";
  }
}
