package io.snaprail.api.console;

import java.util.regex.Pattern;

/** What names in addresses look like. */
final class Names {
  /** One part of a path. */
  static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /** A file below the folder of an extension. */
  static final Pattern FILE =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}){0,4}");

  /** A path of calls. */
  static final Pattern CALL =
      Pattern.compile(
          "([a-z0-9-]{1,64}|\\{[a-zA-Z]{1,32}})(/([a-z0-9-]{1,64}|\\{[a-zA-Z]{1,32}})){0,7}");

  private Names() {}

  static void require(String what, String name, Pattern pattern) {
    if (!pattern.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what + ": expected " + pattern.pattern() + ", found '" + name + "'");
    }
  }

  static void requireTitle(String what, String title) {
    if (title.isBlank() || title.length() > 40) {
      throw new IllegalArgumentException(
          what + ": expected a title of 1..40 characters, found '" + title + "'");
    }
  }
}
