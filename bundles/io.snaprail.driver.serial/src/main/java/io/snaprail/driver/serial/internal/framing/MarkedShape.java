package io.snaprail.driver.serial.internal.framing;

import java.io.ByteArrayOutputStream;

/**
 * Frames between a start and an end mark, such as STX and ETX, with an escape for what looks like a
 * mark, and bytes behind the end mark, such as a checksum. A start mark inside begins the frame
 * anew: the end of the one before was lost.
 */
final class MarkedShape implements FrameShape {
  /** No escape. */
  static final int NO_ESCAPE = -1;

  private final byte[] start;
  private final byte[] end;
  private final int escape;
  private final int escapeXor;
  private final int trailer;

  /**
   * Frames between marks.
   *
   * @param start at least one byte
   * @param end at least one byte; may be the same as the start
   * @param escape 0..255, or {@link #NO_ESCAPE}
   * @param escapeXor what the byte behind an escape is combined with: 0 for none, 0x20 as in HDLC
   * @param trailer bytes behind the end mark that belong to the frame
   */
  MarkedShape(byte[] start, byte[] end, int escape, int escapeXor, int trailer) {
    this.start = start.clone();
    this.end = end.clone();
    this.escape = escape;
    this.escapeXor = escapeXor;
    this.trailer = trailer;
  }

  @Override
  public Sync sync() {
    return Sync.MARK;
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
      } else if ((bytes[i] & 0xff) == escape) {
        if (i + 1 == to) {
          break;
        }
        content.write(bytes[i + 1] ^ escapeXor);
        i += 2;
      } else {
        content.write(bytes[i]);
        i++;
      }
    }
    return new Match.Partial(begin);
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
    return new Match.Found(begin, behind, frame);
  }
}
