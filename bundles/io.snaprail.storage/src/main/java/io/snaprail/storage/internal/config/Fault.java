package io.snaprail.storage.internal.config;

import io.snaprail.storage.internal.json.Json.Position;

/**
 * Something wrong in a configuration file.
 *
 * @param at where; {@link Position#NONE} when it concerns the file as a whole
 * @param message the key, what was expected and what was found
 */
record Fault(Position at, String message) {

  static Fault ofFile(String message) {
    return new Fault(Position.NONE, message);
  }

  /** {@code file:line:column: message}. */
  String in(String file) {
    return at.equals(Position.NONE) ? file + ": " + message : file + ":" + at + ": " + message;
  }
}
