package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Stats;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.api.uplink.SpoolSettings.LaneSettings;
import io.snaprail.storage.internal.spool.SegmentList.Batch;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lane: what is appended goes into the last of its segments, what is read comes from the first
 * that has something unread; what is taken, given up and kept in memory is as its settings say.
 * Does no input or output. Guarded by the spool's lock.
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
  private final SegmentList segments = new SegmentList();
  private long readerId = Long.MIN_VALUE;
  private long sinceCommit;
  private long dropped;
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
    while (segments.bytes() + size > settings.bytes()) {
      if (!evict || !evictOldest()) {
        return false;
      }
    }
    while (segments.memory() > 0 && segments.memory() + size > memoryLimit) {
      if (!unloadOne() && !(evict && evictFromMemory())) {
        return false;
      }
    }
    return true;
  }

  /** Takes an entry that was admitted. */
  void append(Entry entry) {
    Segment to = segments.tail();
    if (to != null
        && (to.isSealed()
            || to.appendedBytes() >= segmentBytes
            || to.size() >= Segment.MAX_ENTRIES
            || entry.id() - to.firstId >= MAX_ID_SPAN)) {
      segments.seal();
    }
    segments.append(entry);
    sinceCommit += Frame.size(entry);
  }

  /** The segment that is read next; null when there is nothing to read. It may not be present. */
  @Nullable Segment reading() {
    if (!opened) {
      return null;
    }
    Segment at = segments.from(readerId);
    while (at != null) {
      readerId = at.firstId;
      if (at.unread() && at.live() > 0) {
        return at;
      }
      at = segments.from(readerId + 1);
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
    segments.all().forEach(Segment::rewind);
  }

  /** Removes an entry for good; null when it is not here. */
  @Nullable Entry remove(long id) {
    return segments.remove(id);
  }

  @Nullable Entry find(long id) {
    return segments.find(id);
  }

  private boolean evictOldest() {
    Segment unread = reading();
    if (unread != null) {
      return evict(unread, true);
    }
    Segment first = segments.from(Long.MIN_VALUE);
    return first != null && evict(first, false);
  }

  private boolean evict(Segment segment, boolean unreadOnly) {
    if (!segment.isPresent()) {
      giveUp(segment);
      return true;
    }
    Entry entry = segment.removeOldest(unreadOnly);
    return entry == null ? evictInFlight() : givenUp(segment, entry);
  }

  /** Everything is in flight: what was sent first may have arrived. */
  private boolean evictInFlight() {
    for (Segment segment : segments.all()) {
      Entry entry = segment.isPresent() ? segment.removeOldest(false) : null;
      if (entry != null) {
        return givenUp(segment, entry);
      }
    }
    return false;
  }

  /** Gives up the oldest entry that is nowhere but in memory and unread. */
  private boolean evictFromMemory() {
    for (Segment segment : segments.all()) {
      if (segment.isPresent() && segment.hasUnwritten()) {
        Entry entry = segment.removeOldestUnwritten();
        if (entry != null) {
          return givenUp(segment, entry);
        }
      }
    }
    return false;
  }

  private boolean givenUp(Segment segment, Entry entry) {
    dropped++;
    segments.removed(segment, entry);
    return true;
  }

  private void giveUp(Segment segment) {
    dropped += segment.live();
    segments.drop(segment);
  }

  /** Gives up the oldest segment that has a file, to get room on disk; whether there was one. */
  boolean evictFile() {
    for (Segment segment : segments.all()) {
      if (segment.inFile() && segment.isSealed()) {
        giveUp(segment);
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
    for (Segment segment : List.copyOf(segments.all())) {
      if (segment.live() > 0 && tooOld(segment.lastCreated(), oldest)) {
        giveUp(segment);
      }
    }
  }

  private static boolean tooOld(Instant created, Instant oldest) {
    return created.isBefore(oldest) && created.isAfter(CLOCK_IS_RIGHT);
  }

  private void unload() {
    while (crowded() && unloadOne()) {
      // as long as there is one
    }
  }

  private boolean unloadOne() {
    // The newest first: they are read last.
    for (Segment segment : segments.newestFirst()) {
      if (segment.canUnload() && segment.firstId != readerId) {
        segments.unload(segment);
        return true;
      }
    }
    return false;
  }

  /** Brings a segment back that was read from its file; what is missing is counted as dropped. */
  void load(Segment segment, List<Entry> found) {
    dropped += segments.load(segment, found);
  }

  /** Puts a segment of an earlier run before everything that is new. */
  void recovered(Segment segment) {
    segments.recovered(segment);
    readerId = Long.MIN_VALUE;
  }

  /** Everything up to an id is done with since an earlier run. */
  void startAfter(long id) {
    segments.startAfter(id);
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
    sinceCommit = 0;
    return segments.pending();
  }

  /** A batch is on disk: memory may be let go, down to what is to stay. */
  void written(Batch batch, long length) {
    segments.written(batch, length);
    unload();
  }

  /** A batch is not on disk: it goes into another file at the next try. */
  void failed(Batch batch) {
    sinceCommit = Math.max(sinceCommit, 1);
    segments.failed(batch);
  }

  /** Segments whose files are to be deleted. */
  List<Segment> takeDead() {
    return segments.takeDead();
  }

  boolean hasDead() {
    return segments.hasDead();
  }

  /** An empty lane needs no file: it is closed so that it goes. */
  void sealIfDone() {
    Segment last = segments.tail();
    if (last != null && isEmpty() && last.inFile() && last.appendedBytes() >= IDLE_FILE_BYTES) {
      segments.seal();
    }
  }

  boolean hasFiles() {
    return segments.hasFiles();
  }

  /** Everything below is done with. */
  long low() {
    return segments.low();
  }

  /** Up to here everything is on disk or done with. */
  long durableTo() {
    return segments.durableTo();
  }

  boolean isEmpty() {
    return segments.entries() == 0;
  }

  /** Bytes appended since the last time that nothing was left to be written. */
  long sinceCommit() {
    return sinceCommit;
  }

  /** Whether memory is used that the disk should have. */
  boolean crowded() {
    return segments.memory() > residentBytes;
  }

  long dropped() {
    return dropped;
  }

  long lastId() {
    return segments.lastId();
  }

  Stats stats() {
    return new Stats(segments.entries(), segments.bytes(), settings.bytes(), dropped);
  }
}
