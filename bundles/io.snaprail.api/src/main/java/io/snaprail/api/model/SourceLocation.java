package io.snaprail.api.model;

/**
 * Where a definition was read, for messages.
 *
 * @param file the file as a person would look for it
 * @param line 1-based; 0 when it is not known
 */
public record SourceLocation(String file, int line) {
  /** A definition that came from no file, such as one made by a test. */
  public static final SourceLocation NONE = new SourceLocation("", 0);

  /** {@code file:line}, or {@code file} when the line is not known. */
  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }
}
