package io.snaprail.driver.serial.internal.framing;

import java.util.Arrays;

/** Frames whose length is fixed, or told by a field in them. */
final class SizedShape implements FrameShape {
  private final byte[] start;
  private final byte[] end;
  private final Size size;

  /** How long a frame is. */
  interface Size {
    /** More bytes are needed to know it. */
    int UNKNOWN = -1;

    /**
     * The length of the frame that begins at a place, marks included.
     *
     * @return {@link #UNKNOWN} when the bytes that tell it have not come
     */
    int of(byte[] bytes, int begin, int to);

    /** Least length that makes sense. */
    int least();

    /** Greatest length that makes sense. */
    int most();
  }

  /**
   * Frames of a size.
   *
   * @param start empty for none
   * @param end what stands at the end of every frame; empty for none
   */
  SizedShape(byte[] start, byte[] end, Size size) {
    this.start = start.clone();
    this.end = end.clone();
    this.size = size;
  }

  /** Frames that are all as long. */
  static Size fixed(int length) {
    return new Field(0, 0, false, 0, length, length);
  }

  /**
   * A field that tells the length.
   *
   * @param offset of its first byte in the frame, start mark included
   * @param width 1, 2 or 4 bytes; 0 for none
   * @param little whether its least significant byte comes first
   * @param mask the bits of the field that tell it, shifted to the right until the lowest of them
   *     counts one; 0 for all
   * @param adjust length of the frame less what the field says
   * @param most longest frame
   */
  record Field(int offset, int width, boolean little, long mask, int adjust, int most)
      implements Size {
    @Override
    public int of(byte[] bytes, int begin, int to) {
      if (begin + offset + width > to) {
        return UNKNOWN;
      }
      long value = 0;
      for (int i = 0; i < width; i++) {
        int at = begin + offset + (little ? width - 1 - i : i);
        value = value << 8 | (bytes[at] & 0xff);
      }
      if (mask != 0) {
        value = (value & mask) >> Long.numberOfTrailingZeros(mask);
      }
      return (int) Math.max(0, Math.min(Integer.MAX_VALUE, value + adjust));
    }

    @Override
    public int least() {
      return Math.max(1, offset + width);
    }
  }

  @Override
  public Sync sync() {
    return start.length > 0 ? Sync.MARK : Sync.SILENCE;
  }

  @Override
  public boolean slides() {
    return true;
  }

  @Override
  public Match find(byte[] bytes, int from, int to, boolean ended) {
    int begin = Marks.first(bytes, from, to, start);
    if (begin < 0) {
      return new Match.Partial(Marks.begun(bytes, from, to, start));
    }
    int length = size.of(bytes, begin, to);
    if (length == Size.UNKNOWN) {
      return new Match.Partial(begin);
    }
    int least = Math.max(size.least(), start.length + end.length);
    if (length < least || length > size.most()) {
      return new Match.Broken(
          begin, to, "length " + length + ", expected " + least + ".." + size.most());
    }
    if (begin + length > to) {
      return new Match.Partial(begin);
    }
    if (!Marks.at(bytes, begin + length - end.length, begin + length, end)) {
      return new Match.Broken(begin, begin + length, "no end mark behind " + length + " bytes");
    }
    byte[] whole = Arrays.copyOfRange(bytes, begin, begin + length);
    return new Match.Found(
        begin, begin + length, new Frame(whole, start.length, length - end.length));
  }
}
