package io.snaprail.driver.serial.internal.framing;

/** How frames look. Finds the first one among bytes; keeps nothing between calls. */
public interface FrameShape {
  /** No byte fills the time between frames. */
  int NO_FILL = -1;

  /** By what a reader knows, after trouble or at the start, where a frame begins. */
  enum Sync {
    /** Each frame tells it itself. */
    MARK,
    /** Behind the end of the one before. */
    DELIMITER,
    /** After a silence. */
    SILENCE
  }

  /** By what one knows where a frame begins. */
  Sync sync();

  /** Whether, when what looked like a frame is none, a frame may begin in the middle of it. */
  default boolean slides() {
    return false;
  }

  /** The byte that may stand between frames any number of times; {@link #NO_FILL} for none. */
  default int fill() {
    return NO_FILL;
  }

  /** Whether bytes in which no frame was found are the beginning of one, as far as one can know. */
  default boolean begins() {
    return true;
  }

  /**
   * Looks for the first frame.
   *
   * @param bytes holds what has come, at {@code from} to {@code to}; not changed
   * @param ended whether the line has fallen silent, so that nothing belongs to these bytes that is
   *     still to come
   */
  Match find(byte[] bytes, int from, int to, boolean ended);

  /** What was found. */
  sealed interface Match {
    /**
     * A frame.
     *
     * @param begin first byte that belongs to it; those before it are none of any frame
     * @param end behind its last byte
     */
    record Found(int begin, int end, Frame frame) implements Match {}

    /**
     * Nothing yet.
     *
     * @param begin first byte that may belong to a frame; those before it are none of any
     */
    record Partial(int begin) implements Match {}

    /**
     * What looked like a frame is none.
     *
     * @param begin where it began
     * @param end where the next one can begin, unless the shape slides
     * @param why for people
     */
    record Broken(int begin, int end, String why) implements Match {}
  }
}
