package io.snaprail.localiot.internal.registry;

import java.util.Map;

/**
 * A thing in the registry.
 *
 * @param name 1..128 of {@code [a-zA-Z0-9:_-]}
 * @param type name of its type; empty for none
 * @param attributes names and values
 * @param version 1 when it is made, one more with each change
 */
public record Thing(String name, String type, Map<String, String> attributes, long version) {

  /** Checks the names. */
  public Thing {
    Names.require("thing", name);
    Names.requireAttributes("thing '" + name + "'", attributes);
    attributes = Map.copyOf(attributes);
  }

  /** A new thing without a type. */
  public Thing(String name, Map<String, String> attributes) {
    this(name, "", attributes, 1);
  }

  /** Whether a thing may be called so. */
  public static boolean validName(String name) {
    return Names.valid(name);
  }
}
