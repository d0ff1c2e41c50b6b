package io.snaprail.driver.serial.internal.framing;

import java.util.Arrays;
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

  /**
   * Frames with any of several delimiters.
   *
   * @param start empty for none
   * @param delimiters at least one, none empty
   */
  DelimitedShape(byte[] start, List<byte[]> delimiters) {
    this.start = start.clone();
    // Of CR LF and CR the longer one is taken where both fit.
    this.delimiters =
        delimiters.stream()
            .map(byte[]::clone)
            .sorted(Comparator.comparingInt((byte[] d) -> d.length).reversed())
            .toList();
    this.longest = this.delimiters.get(0).length;
  }

  @Override
  public Sync sync() {
    return start.length > 0 ? Sync.MARK : Sync.DELIMITER;
  }

  @Override
  public Match find(byte[] bytes, int from, int to, boolean ended) {
    for (int i = from; i < to; i++) {
      byte[] delimiter = delimiterAt(bytes, i, to);
      if (delimiter == null) {
        continue;
      }
      if (!ended && mayBeLonger(bytes, i, to, delimiter)) {
        break;
      }
      int end = i + delimiter.length;
      int begin = start.length == 0 ? from : Marks.last(bytes, from, i, start);
      if (begin >= 0) {
        byte[] whole = Arrays.copyOfRange(bytes, begin, end);
        return new Match.Found(
            begin, end, new Frame(whole, start.length, whole.length - delimiter.length));
      }
      // A line without start mark is garbage; what follows it may be better.
      return after(bytes, end, to, ended);
    }
    return new Match.Partial(start.length == 0 ? from : firstStart(bytes, from, to));
  }

  private Match after(byte[] bytes, int end, int to, boolean ended) {
    Match next = find(bytes, end, to, ended);
    return next instanceof Match.Partial partial
        ? new Match.Partial(Math.max(end, partial.begin()))
        : next;
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
