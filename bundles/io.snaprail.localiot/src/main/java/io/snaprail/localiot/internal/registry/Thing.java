package io.snaprail.localiot.internal.registry;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * A thing in the registry.
 *
 * @param name 1..128 of {@code [a-zA-Z0-9:_-]}
 * @param attributes names and values
 */
public record Thing(String name, Map<String, String> attributes) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");

  /** Checks the name. */
  public Thing {
    if (!validName(name)) {
      throw new IllegalArgumentException(
          "thing: expected 1..128 letters, digits, ':', '_', '-', found '" + name + "'");
    }
    attributes = Map.copyOf(attributes);
  }

  /** Whether a thing may be called so. */
  public static boolean validName(String name) {
    return NAME.matcher(name).matches();
  }
}
