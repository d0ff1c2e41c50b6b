package io.snaprail.driver.serial.internal.framing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Frames between a start and an end mark, such as STX and ETX, with an escape for what looks like a
 * mark, and bytes behind the end mark, such as a checksum. A start mark inside begins the frame
 * anew: the end of the one before was lost. Where both marks are the same byte and it never stands
 * inside, as the flag of HDLC, one flag may end a frame and begin the next.
 */
final class MarkedShape implements FrameShape {
  private final byte[] start;
  private final byte[] end;
  private final Escape escape;
  private final int trailer;
  private final boolean flags;

  /**
   * Frames between marks.
   *
   * @param start at least one byte
   * @param end at least one byte; may be the same as the start
   * @param trailer bytes behind the end mark that belong to the frame
   */
  MarkedShape(byte[] start, byte[] end, Escape escape, int trailer) {
    this.start = start.clone();
    this.end = end.clone();
    this.escape = escape;
    this.trailer = trailer;
    this.flags =
        start.length == 1 && Arrays.equals(start, end) && trailer == 0 && !escape.literal();
  }

  @Override
  public Sync sync() {
    return Sync.MARK;
  }

  @Override
  public int fill() {
    return flags ? start[0] & 0xff : NO_FILL;
  }

  @Override
  public Match find(byte[] bytes, int from, int to, boolean ended) {
    int begin = Marks.first(bytes, from, to, start);
    if (begin < 0) {
      return new Match.Partial(Marks.begun(bytes, from, to, start));
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int i = begin + start.length;
    while (i < to) {
      if (Marks.at(bytes, i, to, end)) {
        if (content.size() > 0) {
          return ended(bytes, begin, i, to, content);
        }
        // Nothing between them: where both marks are the same, this one is the start.
        begin = Marks.at(bytes, i, to, start) ? i : begin;
        i += end.length;
      } else if (Marks.at(bytes, i, to, start)) {
        begin = i;
        content.reset();
        i += start.length;
      } else if (escape.is(bytes[i])) {
        if (i + 1 == to) {
          break;
        }
        int value = escapes(bytes, i, to);
        if (value < 0) {
          return new Match.Broken(
              begin, i + 1, "an escape byte with nothing it can mean behind it");
        }
        content.write(value);
        i += 2;
      } else {
        content.write(bytes[i]);
        i++;
      }
    }
    return new Match.Partial(begin);
  }

  /** What an escape and the byte behind it mean; -1 for nothing, such as an end mark in HDLC. */
  private int escapes(byte[] bytes, int place, int to) {
    boolean mark = Marks.at(bytes, place + 1, to, end) || Marks.at(bytes, place + 1, to, start);
    return mark && !escape.literal() ? -1 : escape.meaning(bytes[place + 1]);
  }

  private Match ended(byte[] bytes, int begin, int endMark, int to, ByteArrayOutputStream content) {
    int behind = endMark + end.length + trailer;
    if (behind > to) {
      return new Match.Partial(begin);
    }
    int length = content.size();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(start);
    whole.writeBytes(content.toByteArray());
    whole.write(bytes, endMark, end.length + trailer);
    Frame frame = new Frame(whole.toByteArray(), start.length, start.length + length);
    return new Match.Found(begin, flags ? endMark : behind, frame);
  }
}
