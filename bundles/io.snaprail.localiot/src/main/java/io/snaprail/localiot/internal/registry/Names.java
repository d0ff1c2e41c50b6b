package io.snaprail.localiot.internal.registry;

import java.util.Map;
import java.util.regex.Pattern;

/** What names and attributes may look like (AWS IoT API reference, the operations' patterns). */
final class Names {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
  private static final Pattern POLICY = Pattern.compile("[\\w+=,.@-]{1,128}");
  private static final Pattern ATTRIBUTE = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");
  private static final Pattern ATTRIBUTE_VALUE =
      Pattern.compile("[a-zA-Z0-9_.,@/:#=\\[\\]-]{0,800}");

  private Names() {}

  static boolean valid(String name) {
    return NAME.matcher(name).matches();
  }

  static void require(String what, String name) {
    if (!valid(name)) {
      throw new IllegalArgumentException(
          what + ": expected 1..128 letters, digits, ':', '_', '-', found '" + name + "'");
    }
  }

  static void requirePolicy(String name) {
    if (!POLICY.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "policy: expected a name of 1..128 letters, digits, '_+=,.@-', found '" + name + "'");
    }
  }

  static void requireAttributes(String where, Map<String, String> attributes) {
    attributes.forEach(
        (name, value) -> {
          if (!ATTRIBUTE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                where
                    + ": expected names of attributes of 1..128 letters, digits, '_.,@/:#-', found"
                    + " '"
                    + name
                    + "'");
          }
          if (!ATTRIBUTE_VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                "%s: attribute '%s': expected at most 800 letters, digits, '_.,@/:#=[]-', found '%s'"
                    .formatted(where, name, value));
          }
        });
  }
}
