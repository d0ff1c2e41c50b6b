package io.snaprail.driver.mbus.internal.record;

import io.snaprail.driver.mbus.internal.link.BrokenFrameException;
import java.util.Arrays;

/** A place in the bytes of a telegram. */
final class Cursor {
  private final byte[] bytes;
  private int place;

  Cursor(byte[] bytes, int place) {
    this.bytes = bytes;
    this.place = place;
  }

  boolean atEnd() {
    return place >= bytes.length;
  }

  int place() {
    return place;
  }

  /** The next byte, 0..255. */
  int next(String what) throws BrokenFrameException {
    return take(1, what)[0] & 0xff;
  }

  /** The next bytes. */
  byte[] take(int count, String what) throws BrokenFrameException {
    if (bytes.length - place < count) {
      throw new BrokenFrameException(
          "expected %d bytes of %s at byte %d of the telegram, found %d"
              .formatted(count, what, place, bytes.length - place));
    }
    place += count;
    return Arrays.copyOfRange(bytes, place - count, place);
  }

  /** What was read since a place. */
  byte[] since(int start) {
    return Arrays.copyOfRange(bytes, start, place);
  }
}
