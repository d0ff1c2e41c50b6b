package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.storage.internal.spool.Segment.Scan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what an earlier run has left. */
final class Recovery {
  /** Where ids start when the disk does not say how far they are: above all it can have. */
  static final long UNKNOWN = 1L << 62;

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private Recovery() {}

  /** The first id of this run; reads two blocks and the folder, and changes nothing. */
  static long firstId(Volume volume) {
    try {
      List<String> files = volume.list();
      Cursor.State state = files.contains(Cursor.FILE) ? Cursor.peek(volume) : Cursor.State.empty();
      return firstId(volume, files, state);
    } catch (IOException e) {
      LOG.debug("{}: the spool cannot be read yet", volume.name(), e);
      return UNKNOWN;
    }
  }

  /** The same, from what was read. */
  static long firstId(Volume volume, List<String> files, Cursor.State state) {
    long first = state.idLimit();
    for (Lane lane : Lane.values()) {
      for (long id : new LaneFiles(volume, lane).firstIds(files)) {
        first = Math.max(first, id + LaneQueue.MAX_ID_SPAN);
      }
    }
    return first;
  }

  /**
   * Reads all files of a lane once, byte by byte; deletes those of which nothing is left.
   *
   * @param low what is below it is done with
   */
  static List<Segment> segments(LaneFiles files, List<String> names, long low, Complaints to) {
    List<Segment> segments = new ArrayList<>();
    long minId = low;
    for (long firstId : files.firstIds(names)) {
      try {
        Scan scan = files.scan(firstId, minId);
        Segment segment = Segment.recovered(firstId, minId, scan);
        if (scan.live() > 0) {
          segments.add(segment);
          minId = scan.lastId() + 1;
        } else {
          files.delete(segment);
        }
      } catch (IOException e) {
        to.unreadable(files.name(firstId), e);
      }
    }
    return segments;
  }

  /** Told what cannot be read. */
  @FunctionalInterface
  interface Complaints {
    /** A file cannot be read; it stays where it is. */
    void unreadable(String file, IOException cause);
  }
}
