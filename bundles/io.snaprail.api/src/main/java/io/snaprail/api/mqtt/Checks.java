package io.snaprail.api.mqtt;

/** Checks of settings. */
final class Checks {
  private Checks() {}

  /** Fails with a message that names key, expected and found. */
  static void require(boolean valid, String key, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
