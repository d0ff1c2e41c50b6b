package io.snaprail.driver.serial.internal.framing;

import java.io.ByteArrayOutputStream;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames that end with a delimiter, such as lines. With a start mark the frame begins at the last
 * one before the delimiter: an earlier one belongs to a frame whose end was lost.
 */
final class DelimitedShape implements FrameShape {
  private final byte[] start;
  private final List<byte[]> delimiters;
  private final int longest;
  private final Escape escape;

  /**
   * Frames with any of several delimiters.
   *
   * @param start empty for none
   * @param delimiters at least one, none empty
   */
  DelimitedShape(byte[] start, List<byte[]> delimiters, Escape escape) {
    this.start = start.clone();
    // Of CR LF and CR the longer one is taken where both fit.
    this.delimiters =
        delimiters.stream()
            .map(byte[]::clone)
            .sorted(Comparator.comparingInt((byte[] d) -> d.length).reversed())
            .toList();
    this.longest = this.delimiters.get(0).length;
    this.escape = escape;
  }

  @Override
  public Sync sync() {
    return start.length > 0 ? Sync.MARK : Sync.DELIMITER;
  }

  @Override
  public Match find(byte[] bytes, int from, int to, boolean ended) {
    int line = from;
    int i = from;
    while (i < to) {
      byte[] delimiter = delimiterAt(bytes, i, to);
      if (delimiter == null) {
        // What stands behind a literal escape ends nothing.
        i += escape.literal() && escape.is(bytes[i]) ? 2 : 1;
        continue;
      }
      if (!ended && mayBeLonger(bytes, i, to, delimiter)) {
        break;
      }
      int begin = start.length == 0 ? line : Marks.last(bytes, line, i, start);
      if (begin >= 0) {
        return framed(bytes, begin, i, delimiter);
      }
      // A line without start mark is garbage; what follows it may be better.
      i += delimiter.length;
      line = i;
    }
    return new Match.Partial(start.length == 0 ? line : firstStart(bytes, line, to));
  }

  private Match framed(byte[] bytes, int begin, int delimiterAt, byte[] delimiter) {
    int end = delimiterAt + delimiter.length;
    ByteArrayOutputStream whole = new ByteArrayOutputStream(end - begin);
    whole.writeBytes(start);
    for (int i = begin + start.length; i < delimiterAt; i++) {
      int value = bytes[i] & 0xff;
      if (escape.is(bytes[i])) {
        i++;
        value = i < delimiterAt ? escape.meaning(bytes[i]) : -1;
        if (value < 0) {
          return new Match.Broken(begin, end, "an escape byte with nothing it can mean behind it");
        }
      }
      whole.write(value);
    }
    int to = whole.size();
    whole.writeBytes(delimiter);
    return new Match.Found(begin, end, new Frame(whole.toByteArray(), start.length, to));
  }

  private int firstStart(byte[] bytes, int from, int to) {
    int whole = Marks.first(bytes, from, to, start);
    return whole >= 0 ? whole : Marks.begun(bytes, from, to, start);
  }

  private byte @Nullable [] delimiterAt(byte[] bytes, int place, int to) {
    for (byte[] delimiter : delimiters) {
      if (Marks.at(bytes, place, to, delimiter)) {
        return delimiter;
      }
    }
    return null;
  }

  /** Whether a longer delimiter may stand here once more has come: CR, and then perhaps LF. */
  private boolean mayBeLonger(byte[] bytes, int place, int to, byte[] found) {
    return found.length < longest
        && delimiters.stream()
            .filter(d -> d.length > found.length && d.length > to - place)
            .anyMatch(d -> Marks.begun(bytes, place, to, d) == place);
  }
}
