package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one lane, in order, with what they hold together, what of it is on its way to
 * disk, and what is to be deleted there. Decides nothing. Guarded by the spool's lock.
 */
final class SegmentList {
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final List<Segment> dead = new ArrayList<>();
  private @Nullable Segment tail;
  private long lastId;
  private long entries;
  private long bytes;
  private long memory;
  private int files;

  /**
   * Entries on their way to disk.
   *
   * @param upTo how far the segment is written then
   */
  record Batch(Segment segment, List<Entry> entries, int upTo) {}

  /** All, in order. */
  Collection<Segment> all() {
    return segments.values();
  }

  /** All, the newest first. */
  Collection<Segment> newestFirst() {
    return segments.descendingMap().values();
  }

  /** The first from an id on; null when there is none. */
  @Nullable Segment from(long id) {
    Map.Entry<Long, Segment> at = segments.ceilingEntry(id);
    return at == null ? null : at.getValue();
  }

  private @Nullable Segment holding(long id) {
    Map.Entry<Long, Segment> at = segments.floorEntry(id);
    return at == null ? null : at.getValue();
  }

  /** The one that is appended to; null when the next entry begins another. */
  @Nullable Segment tail() {
    return tail;
  }

  /** Appends to the tail, or to a new one. */
  void append(Entry entry) {
    Segment to = tail;
    if (to == null) {
      to = new Segment(entry.id());
      segments.put(to.firstId, to);
      tail = to;
    }
    to.append(entry);
    lastId = entry.id();
    count(1, entry.bytes());
    memory += entry.bytes();
  }

  /** Nothing more is appended to the tail. */
  void seal() {
    Segment before = tail;
    if (before != null) {
      before.seal();
      tail = null;
      tidy(before);
    }
  }

  private void count(int more, long moreBytes) {
    entries += more;
    bytes += moreBytes;
  }

  /** Removes an entry for good; null when it is not here. */
  @Nullable Entry remove(long id) {
    Segment segment = holding(id);
    Entry entry = segment == null ? null : segment.remove(id);
    if (segment != null && entry != null) {
      removed(segment, entry);
    }
    return entry;
  }

  @Nullable Entry find(long id) {
    Segment segment = holding(id);
    return segment == null ? null : segment.find(id);
  }

  /** An entry was taken out of a segment. */
  void removed(Segment segment, Entry entry) {
    count(-1, -entry.bytes());
    memory -= entry.bytes();
    tidy(segment);
  }

  /** A segment of which nothing is left goes, with its file. */
  private void tidy(Segment segment) {
    if (segment.live() == 0 && segment.isSealed() && !segment.isRemoved()) {
      drop(segment);
    }
  }

  /** A segment goes with all that it holds. */
  void drop(Segment segment) {
    count(-segment.live(), -segment.liveBytes());
    memory -= segment.memoryBytes();
    segments.remove(segment.firstId);
    segment.removed();
    if (segment == tail) {
      tail = null;
    }
    if (segment.inFile()) {
      dead.add(segment);
    }
  }

  /** What a segment holds stays on disk only. */
  void unload(Segment segment) {
    memory -= segment.memoryBytes();
    segment.unload();
  }

  /** Brings a segment back that was read from its file; how many of its entries were not there. */
  int load(Segment segment, List<Entry> found) {
    if (segment.isRemoved() || segment.isPresent()) {
      return 0;
    }
    int missing = segment.live() - found.size();
    count(-segment.live(), -segment.liveBytes());
    segment.load(found);
    count(segment.live(), segment.liveBytes());
    memory += segment.memoryBytes();
    tidy(segment);
    return Math.max(0, missing);
  }

  /** Puts a segment of an earlier run before everything that is new. */
  void recovered(Segment segment) {
    segments.put(segment.firstId, segment);
    count(segment.live(), segment.liveBytes());
    lastId = Math.max(lastId, segment.lastId());
    files++;
  }

  /** Everything up to an id is done with since an earlier run. */
  void startAfter(long id) {
    lastId = Math.max(lastId, id);
  }

  /** All that is to be brought to disk now, a batch for each segment. */
  List<Batch> pending() {
    List<Batch> batches = new ArrayList<>();
    for (Segment segment : segments.values()) {
      if (segment.isPresent() && segment.hasUnwritten()) {
        List<Entry> batch = new ArrayList<>();
        int upTo = segment.pending(batch);
        if (batch.isEmpty()) {
          segment.skipped(upTo);
        } else {
          batches.add(new Batch(segment, batch, upTo));
        }
      }
    }
    return batches;
  }

  /** A batch is on disk. */
  void written(Batch batch, long length) {
    Segment segment = batch.segment();
    if (!segment.inFile()) {
      files++;
    }
    segment.written(batch.upTo(), length);
    if (segment.isRemoved()) {
      dead.add(segment);
    }
  }

  /** A batch is not on disk: it goes into another file at the next try. */
  void failed(Batch batch) {
    Segment segment = batch.segment();
    if (segment.isRemoved() || !segment.inFile()) {
      return;
    }
    boolean last = segment == tail;
    Segment rest = segment.split();
    if (last) {
      tail = rest;
    }
    if (rest != null) {
      segments.put(rest.firstId, rest);
      if (!last) {
        rest.seal();
      }
    }
    tidy(segment);
  }

  /** Segments whose files are to be deleted. */
  List<Segment> takeDead() {
    if (dead.isEmpty()) {
      return List.of();
    }
    List<Segment> taken = List.copyOf(dead);
    dead.clear();
    files -= taken.size();
    return taken;
  }

  boolean hasDead() {
    return !dead.isEmpty();
  }

  boolean hasFiles() {
    return files > 0;
  }

  /** Everything below is done with. */
  long low() {
    for (Segment segment : segments.values()) {
      if (segment.live() > 0) {
        return segment.low();
      }
    }
    return lastId + 1;
  }

  /** Up to here everything is on disk or done with. */
  long durableTo() {
    for (Segment segment : segments.values()) {
      if (segment.isPresent() && segment.hasUnwritten()) {
        long to = segment.durableTo();
        if (to < segment.lastId()) {
          return to;
        }
      }
    }
    return lastId;
  }

  long lastId() {
    return lastId;
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }

  /** Bytes that are in memory. */
  long memory() {
    return memory;
  }
}
