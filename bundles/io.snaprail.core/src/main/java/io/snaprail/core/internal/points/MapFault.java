package io.snaprail.core.internal.points;

import io.snaprail.api.model.SourceLocation;

/**
 * Something wrong in a map.
 *
 * @param where file and line
 * @param column name of the column; empty for the row, or the file, as a whole
 * @param message expected and found
 */
public record MapFault(SourceLocation where, String column, String message) {

  /** One line for people: place, column, expected and found. */
  @Override
  public String toString() {
    return where + ": " + (column.isEmpty() ? "" : "column '" + column + "': ") + message;
  }
}
