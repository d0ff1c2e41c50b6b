package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Stats;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.api.uplink.SpoolSettings.LaneSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one lane, in order: what is appended goes into the last, what is read comes from
 * the first that has something unread. Does no input or output. Guarded by the spool's lock.
 */
final class LaneQueue {
  /**
   * Unwritten bytes that are brought to disk without waiting for the second to be over. With 64 KB
   * a flow of 200 messages of 1 KB a second is flushed three times a second, and 1.42 bytes are
   * written for each.
   */
  static final long COMMIT_BYTES = 262_144;

  // A file that is worth being deleted when nothing in it is waited for.
  private static final long IDLE_FILE_BYTES = 65_536;

  private static final long MAX_SEGMENT_BYTES = 4L << 20;
  // Opening finds an id above all that is on disk from the files' names alone.
  static final long MAX_ID_SPAN = 1L << 24;
  // Clocks that have not been set show 1970, 2000 or the day when the software was built.
  private static final Instant CLOCK_IS_RIGHT = Instant.parse("2025-01-01T00:00:00Z");

  private final LaneSettings settings;
  private final long memoryLimit;
  private final long residentBytes;
  private final long segmentBytes;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final List<Segment> dead = new ArrayList<>();
  private @Nullable Segment tail;
  private long readerId = Long.MIN_VALUE;
  private long lastId;
  private long entries;
  private long bytes;
  private long memory;
  private long sinceCommit;
  private long dropped;
  private int files;
  private boolean opened;

  LaneQueue(LaneSettings settings, long memoryBytes) {
    this.settings = settings;
    boolean memoryOnly = settings.durability() == Durability.MEMORY;
    this.memoryLimit = memoryOnly ? settings.bytes() : Math.min(memoryBytes, settings.bytes());
    // Above this, segments that are on disk are let go from memory, and spilling begins.
    this.residentBytes = memoryLimit / 4;
    this.segmentBytes =
        Math.min(MAX_SEGMENT_BYTES, Math.min(settings.bytes() / 8, memoryLimit / 4));
  }

  LaneSettings settings() {
    return settings;
  }

  /** Whether there is room now; evicts if that is the policy and helps. */
  boolean admit(long size) {
    if (size > settings.bytes() || !makeRoom(size)) {
      dropped++;
      return false;
    }
    return true;
  }

  private boolean makeRoom(long size) {
    boolean evict = settings.eviction() == Eviction.DROP_OLDEST;
    while (bytes + size > settings.bytes()) {
      if (!evict || !evictOldest()) {
        return false;
      }
    }
    while (memory > 0 && memory + size > memoryLimit) {
      if (!unloadOne() && !(evict && evictFromMemory())) {
        return false;
      }
    }
    return true;
  }

  /** Takes an entry that was admitted. */
  void append(Entry entry) {
    Segment to = tail;
    if (to == null
        || to.isSealed()
        || to.appendedBytes() >= segmentBytes
        || to.size() >= Segment.MAX_ENTRIES
        || entry.id() - to.firstId >= MAX_ID_SPAN) {
      seal();
      to = new Segment(entry.id());
      segments.put(to.firstId, to);
      tail = to;
    }
    to.append(entry);
    lastId = entry.id();
    count(1, entry.bytes());
    memory += entry.bytes();
    sinceCommit += Frame.size(entry);
  }

  private void seal() {
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

  /** The segment that is read next; null when there is nothing to read. It may not be present. */
  @Nullable Segment reading() {
    if (!opened) {
      return null;
    }
    Map.Entry<Long, Segment> at = segments.ceilingEntry(readerId);
    while (at != null) {
      readerId = at.getKey();
      if (at.getValue().unread() && at.getValue().live() > 0) {
        return at.getValue();
      }
      at = segments.higherEntry(readerId);
    }
    return null;
  }

  /** The next unread entry of what is in memory. */
  @Nullable Entry read() {
    Segment segment = reading();
    while (segment != null && segment.isPresent()) {
      Entry entry = segment.read();
      if (entry != null) {
        return entry;
      }
      segment = reading();
    }
    return null;
  }

  void rewind() {
    readerId = Long.MIN_VALUE;
    segments.values().forEach(Segment::rewind);
  }

  /** Removes an entry for good; null when it is not here. */
  @Nullable Entry remove(long id) {
    Map.Entry<Long, Segment> at = segments.floorEntry(id);
    if (at == null) {
      return null;
    }
    Entry entry = at.getValue().remove(id);
    if (entry != null) {
      removed(at.getValue(), entry);
    }
    return entry;
  }

  @Nullable Entry find(long id) {
    Map.Entry<Long, Segment> at = segments.floorEntry(id);
    return at == null ? null : at.getValue().find(id);
  }

  private void removed(Segment segment, Entry entry) {
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

  private void drop(Segment segment) {
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

  private boolean evictOldest() {
    Segment unread = reading();
    if (unread == null) {
      return !segments.isEmpty() && evict(segments.firstEntry().getValue(), false);
    }
    return evict(unread, true);
  }

  private boolean evict(Segment segment, boolean unreadOnly) {
    if (!segment.isPresent()) {
      dropped += segment.live();
      drop(segment);
      return true;
    }
    Entry entry = segment.removeOldest(unreadOnly);
    if (entry == null) {
      return evictInFlight();
    }
    dropped++;
    removed(segment, entry);
    return true;
  }

  /** Everything is in flight: what was sent first may have arrived. */
  private boolean evictInFlight() {
    for (Segment segment : segments.values()) {
      Entry entry = segment.isPresent() ? segment.removeOldest(false) : null;
      if (entry != null) {
        dropped++;
        removed(segment, entry);
        return true;
      }
    }
    return false;
  }

  /** Gives up the oldest entry that is nowhere but in memory and unread. */
  private boolean evictFromMemory() {
    for (Segment segment : segments.values()) {
      if (segment.isPresent() && segment.hasUnwritten()) {
        Entry entry = segment.removeOldestUnwritten();
        if (entry != null) {
          dropped++;
          removed(segment, entry);
          return true;
        }
      }
    }
    return false;
  }

  /** Gives up the oldest segment that has a file, to get room on disk; whether there was one. */
  boolean evictFile() {
    for (Segment segment : segments.values()) {
      if (segment.inFile() && segment.isSealed()) {
        dropped += segment.live();
        drop(segment);
        return true;
      }
    }
    return false;
  }

  /** Gives up what is older than the lane keeps. */
  void expire(Instant now) {
    if (settings.age().isZero()) {
      return;
    }
    Instant oldest = now.minus(settings.age());
    for (Segment segment : List.copyOf(segments.values())) {
      Instant last = segment.lastCreated();
      if (segment.live() > 0 && tooOld(last, oldest)) {
        dropped += segment.live();
        drop(segment);
      }
    }
  }

  private static boolean tooOld(Instant created, Instant oldest) {
    return created.isBefore(oldest) && created.isAfter(CLOCK_IS_RIGHT);
  }

  /** Lets memory go that is on disk as well, down to what is to stay. */
  void unload() {
    while (memory > residentBytes && unloadOne()) {
      // as long as there is one
    }
  }

  private boolean unloadOne() {
    // The newest first: they are read last.
    for (Segment segment : segments.descendingMap().values()) {
      if (segment.canUnload() && segment.firstId != readerId) {
        memory -= segment.memoryBytes();
        segment.unload();
        return true;
      }
    }
    return false;
  }

  /** Brings a segment back that was read from its file; what is missing is counted as dropped. */
  void load(Segment segment, List<Entry> found) {
    if (segment.isRemoved() || segment.isPresent()) {
      return;
    }
    int missing = segment.live() - found.size();
    count(-segment.live(), -segment.liveBytes());
    segment.load(found);
    count(segment.live(), segment.liveBytes());
    memory += segment.memoryBytes();
    dropped += Math.max(0, missing);
    tidy(segment);
  }

  /** Puts a segment of an earlier run before everything that is new. */
  void recovered(Segment segment) {
    segments.put(segment.firstId, segment);
    count(segment.live(), segment.liveBytes());
    lastId = Math.max(lastId, segment.lastId());
    readerId = Long.MIN_VALUE;
    files++;
  }

  /** Everything up to an id is done with since an earlier run. */
  void startAfter(long id) {
    lastId = Math.max(lastId, id);
  }

  /** From now on it may be read. */
  void opened() {
    opened = true;
  }

  boolean isOpen() {
    return opened;
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
    sinceCommit = 0;
    return batches;
  }

  /**
   * Entries on their way to disk.
   *
   * @param upTo how far the segment is written then
   */
  record Batch(Segment segment, List<Entry> entries, int upTo) {}

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
    unload();
  }

  /** A batch is not on disk: it goes into another file at the next try. */
  void failed(Batch batch) {
    sinceCommit = Math.max(sinceCommit, 1);
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

  /** An empty lane needs no file: it is closed so that it goes. */
  void sealIfDone() {
    Segment last = tail;
    if (last != null && entries == 0 && last.inFile() && last.appendedBytes() >= IDLE_FILE_BYTES) {
      seal();
    }
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

  boolean isEmpty() {
    return entries == 0;
  }

  /** Bytes appended since the last time that nothing was left to be written. */
  long sinceCommit() {
    return sinceCommit;
  }

  /** Whether memory is used that the disk should have. */
  boolean crowded() {
    return memory > residentBytes;
  }

  long dropped() {
    return dropped;
  }

  long lastId() {
    return lastId;
  }

  Stats stats() {
    return new Stats(entries, bytes, settings.bytes(), dropped);
  }
}
