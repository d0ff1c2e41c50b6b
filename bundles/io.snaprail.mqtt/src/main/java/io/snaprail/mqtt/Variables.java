package io.snaprail.mqtt;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code name=value} settings. */
final class Variables {
  private static final String NAME = "[A-Za-z0-9_.-]+";

  private Variables() {}

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException when one is wrong or there twice; the message names it
   */
  static Map<String, String> parse(String[] settings) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      String name = equals < 0 ? "" : setting.substring(0, equals).strip();
      if (!name.matches(NAME)) {
        throw new IllegalArgumentException(
            "variables: expected name=value with letters, digits, '_', '-', '.' in the name, found"
                + " '"
                + setting
                + "'");
      }
      if (variables.put(name, setting.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException(
            "variables: expected each name once, found '" + name + "' twice");
      }
    }
    return variables;
  }
}
