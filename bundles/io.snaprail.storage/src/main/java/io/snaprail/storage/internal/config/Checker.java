package io.snaprail.storage.internal.config;

import io.snaprail.storage.internal.config.ConfigDocument.Entry;
import io.snaprail.storage.internal.config.Schema.Attribute;
import io.snaprail.storage.internal.json.Json;
import io.snaprail.storage.internal.json.Json.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;

/** Holds a configuration against what its owner declares. */
final class Checker {
  private Checker() {}

  /**
   * The properties of a configuration in their declared types, without {@code service.pid}.
   *
   * @throws ConfigException naming every value that is of a wrong type or out of range
   */
  static Map<String, Object> values(String pid, ConfigDocument document, Schema schema)
      throws ConfigException {
    Map<String, Object> values = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (Entry entry : document.entries()) {
      try {
        Object value = entry.value(schema.typeOf(entry.key()));
        checkRange(entry.key(), value, schema, entry.member().value().at());
        checkName(pid, entry.key(), value, entry.member().value());
        values.put(entry.key(), value);
      } catch (ConfigException e) {
        faults.addAll(e.faults());
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    values.keySet().removeIf(Constants.SERVICE_PID::equalsIgnoreCase);
    if (Pid.factoryOf(pid) != null) {
      values.keySet().removeIf(ConfigurationAdmin.SERVICE_FACTORYPID::equalsIgnoreCase);
    }
    return values;
  }

  /**
   * The same for properties that came through Configuration Admin.
   *
   * @throws ConfigException naming every value that is of a wrong type or out of range
   */
  static Map<String, Object> adapt(Map<String, Object> values, Schema schema)
      throws ConfigException {
    Map<String, Object> adapted = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    values.forEach(
        (key, value) -> {
          try {
            adapted.put(key, adapt(key, value, schema));
          } catch (ConfigException e) {
            faults.addAll(e.faults());
          }
        });
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return adapted;
  }

  private static Object adapt(String key, Object value, Schema schema) throws ConfigException {
    Object adapted = value;
    ValueType type = schema.typeOf(key);
    if (type != null && !ValueType.of(value).equals(type)) {
      try {
        adapted = Values.convert(Values.toJson(value), type, false);
      } catch (ConfigException e) {
        String message = e.faults().get(0).message();
        throw new ConfigException(Fault.ofFile("key '" + key + "': " + message));
      }
    }
    checkRange(key, adapted, schema, Position.NONE);
    return adapted;
  }

  private static void checkRange(String key, Object value, Schema schema, Position at)
      throws ConfigException {
    Attribute attribute = schema.attributes().get(key);
    if (attribute == null) {
      return;
    }
    for (Object item : Values.items(value)) {
      String wrong = item.toString().isEmpty() ? null : attribute.wrong(item);
      if (wrong != null && !wrong.isEmpty()) {
        throw new ConfigException(
            new Fault(at, "key '" + key + "': the value " + item + " is refused: " + wrong));
      }
    }
  }

  /** The file's name decides; a PID inside may only say the same. */
  private static void checkName(String pid, String key, Object value, Json json)
      throws ConfigException {
    String factoryPid = Pid.factoryOf(pid);
    String expected =
        key.equalsIgnoreCase(Constants.SERVICE_PID)
            ? pid
            : key.equalsIgnoreCase(ConfigurationAdmin.SERVICE_FACTORYPID) ? factoryPid : null;
    if (expected != null && !expected.equals(value)) {
      throw new ConfigException(
          new Fault(
              json.at(),
              "key '"
                  + key
                  + "': expected \""
                  + expected
                  + "\" as in the file's name, found "
                  + json.describe()));
    }
  }

  /** One fault for each key that means nothing to the owner; the others work all the same. */
  static List<Fault> unknownKeys(ConfigDocument document, Schema schema) {
    List<Fault> faults = new ArrayList<>();
    for (Entry entry : document.entries()) {
      if (!schema.allows(entry.key())) {
        String near = Schema.nearest(entry.key(), schema.keys());
        faults.add(
            new Fault(
                entry.member().keyAt(),
                "unknown key '"
                    + entry.key()
                    + "'"
                    + suggestion(near)
                    + "; known keys: "
                    + String.join(", ", schema.keys())));
      }
    }
    return faults;
  }

  static String suggestion(@Nullable String near) {
    return near == null ? "" : " (did you mean '" + near + "'?)";
  }
}
