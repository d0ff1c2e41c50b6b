package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a lane: some thousand entries, in memory, in a file, or both. Its file goes when the
 * last of its entries is done with. What it holds in memory can be let go when all of it is on disk
 * and nobody has read any of it. Guarded by the spool's lock.
 */
final class Segment {
  /** Most entries of a segment. */
  static final int MAX_ENTRIES = 8192;

  private static final @Nullable Entry[] NONE = new Entry[0];

  final long firstId;

  /** Records of its file with smaller ids are none of its own. */
  final long minId;

  // In memory: all entries that were appended, those that are done with as null.
  private @Nullable Entry[] entries = new Entry[16];
  private long[] ids = new long[16];
  private int size;
  private final BitSet done = new BitSet();
  private boolean present = true;
  private int readTo;
  private int readBefore;
  private int written;
  private int live;
  private long liveBytes;
  private long appendedBytes;
  private long lastId;
  private Instant lastCreated = Instant.EPOCH;
  private boolean sealed;
  private boolean recovered;
  private long fileLength;
  private boolean removed;

  Segment(long firstId) {
    this(firstId, firstId);
  }

  private Segment(long firstId, long minId) {
    this.firstId = firstId;
    this.minId = minId;
    this.lastId = firstId - 1;
  }

  /** One that is in a file of an earlier run. */
  static Segment recovered(long firstId, long minId, Scan scan) {
    Segment segment = new Segment(firstId, minId);
    segment.entries = NONE;
    segment.ids = new long[0];
    segment.present = false;
    segment.sealed = true;
    segment.recovered = true;
    segment.fileLength = scan.length();
    segment.live = scan.live();
    segment.liveBytes = scan.liveBytes();
    segment.lastId = scan.lastId();
    segment.lastCreated = scan.lastCreated();
    return segment;
  }

  /**
   * What a file was found to hold.
   *
   * @param live entries that are not done with
   * @param liveBytes their size
   * @param lastId of the last record
   * @param lastCreated when that was appended
   * @param length up to the end of the last sound record
   */
  record Scan(int live, long liveBytes, long lastId, Instant lastCreated, long length) {}

  void append(Entry entry) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      entries = Arrays.copyOf(entries, size * 2);
    }
    ids[size] = entry.id();
    entries[size] = entry;
    size++;
    live++;
    liveBytes += entry.bytes();
    appendedBytes += entry.bytes();
    lastId = entry.id();
    lastCreated = entry.created();
  }

  /**
   * The next entry that was not read since the last rewind, and is not done with; null for none.
   */
  @Nullable Entry read() {
    while (readTo < size) {
      int index = readTo++;
      Entry entry = entries[index];
      if (entry != null) {
        boolean again = recovered || index < readBefore;
        readBefore = Math.max(readBefore, readTo);
        return again ? replayed(entry) : entry;
      }
    }
    return null;
  }

  private static Entry replayed(Entry entry) {
    return entry.replayed()
        ? entry
        : new Entry(
            entry.id(), entry.lane(), entry.topic(), entry.payload(), entry.created(), true);
  }

  /** Whether there may be something to read, perhaps after {@link #load}. */
  boolean unread() {
    return !present || readTo < size;
  }

  void rewind() {
    readTo = 0;
  }

  /** Removes an entry; null when it is not there. */
  @Nullable Entry remove(long id) {
    int index = present ? Arrays.binarySearch(ids, 0, size, id) : -1;
    return index < 0 ? null : remove(index);
  }

  private @Nullable Entry remove(int index) {
    Entry entry = entries[index];
    if (entry != null) {
      entries[index] = null;
      done.set(index);
      live--;
      liveBytes -= entry.bytes();
    }
    return entry;
  }

  @Nullable Entry find(long id) {
    int index = present ? Arrays.binarySearch(ids, 0, size, id) : -1;
    return index < 0 ? null : entries[index];
  }

  /** Removes the oldest entry that was not read, or of those that were; null for none. */
  @Nullable Entry removeOldest(boolean unreadOnly) {
    for (int index = unreadOnly ? readTo : 0; index < size; index++) {
      if (entries[index] != null) {
        return remove(index);
      }
    }
    return null;
  }

  /** Removes the oldest entry that was neither read nor is on disk; null for none. */
  @Nullable Entry removeOldestUnwritten() {
    for (int index = Math.max(readTo, written); index < size; index++) {
      if (entries[index] != null) {
        return remove(index);
      }
    }
    return null;
  }

  /** Adds what is to be written to a batch; where it ends. */
  int pending(List<Entry> batch) {
    for (int index = written; index < size; index++) {
      Entry entry = entries[index];
      if (entry != null) {
        batch.add(entry);
      }
    }
    return size;
  }

  /** Everything up to an index is done with before it was written. */
  void skipped(int upTo) {
    written = Math.max(written, upTo);
  }

  /** Everything up to an index is on disk, in a file that is so long now. */
  void written(int upTo, long length) {
    written = Math.max(written, upTo);
    fileLength = length;
  }

  /** Id before the first entry that is neither on disk nor done with; the last id when all are. */
  long durableTo() {
    int index = present ? done.nextClearBit(written) : size;
    return index >= size ? lastId : ids[index] - 1;
  }

  /** Everything below this id is done with. */
  long low() {
    int index = present ? done.nextClearBit(0) : 0;
    return index >= size ? (present ? lastId + 1 : firstId) : ids[index];
  }

  /** Whether its memory can be let go. */
  boolean canUnload() {
    return present && sealed && inFile() && written >= size && readBefore == 0 && done.isEmpty();
  }

  void unload() {
    entries = NONE;
    ids = new long[0];
    size = 0;
    present = false;
  }

  /** Brings entries back that were read from its file. */
  void load(List<Entry> found) {
    entries = found.toArray(new @Nullable Entry[0]);
    size = found.size();
    ids = new long[size];
    live = 0;
    liveBytes = 0;
    for (int i = 0; i < size; i++) {
      Entry entry = found.get(i);
      ids[i] = entry.id();
      live++;
      liveBytes += entry.bytes();
    }
    written = size;
    readTo = 0;
    done.clear();
    present = true;
  }

  /** Bytes that its entries take in memory now. */
  long memoryBytes() {
    return present ? liveBytes : 0;
  }

  /** Bytes that are in memory only. */
  boolean hasUnwritten() {
    return written < size;
  }

  /** Moves what is not on disk into a segment of its own; null when all is. */
  @Nullable Segment split() {
    Segment rest = null;
    for (int index = written; index < size; index++) {
      Entry entry = entries[index];
      if (entry != null) {
        if (rest == null) {
          rest = new Segment(entry.id());
        }
        rest.append(entry);
        if (index < readTo) {
          rest.readTo = rest.size;
        }
        if (index < readBefore) {
          rest.readBefore = rest.size;
        }
        live--;
        liveBytes -= entry.bytes();
      }
    }
    lastId = written > 0 ? ids[written - 1] : firstId - 1;
    size = written;
    readTo = Math.min(readTo, size);
    done.clear(size, Integer.MAX_VALUE);
    sealed = true;
    return rest;
  }

  void seal() {
    sealed = true;
  }

  void removed() {
    removed = true;
  }

  boolean isRemoved() {
    return removed;
  }

  boolean isSealed() {
    return sealed;
  }

  boolean isPresent() {
    return present;
  }

  boolean inFile() {
    return fileLength > 0;
  }

  long fileLength() {
    return fileLength;
  }

  int live() {
    return live;
  }

  long liveBytes() {
    return liveBytes;
  }

  /** Bytes of all entries that were ever appended here. */
  long appendedBytes() {
    return appendedBytes;
  }

  int size() {
    return size;
  }

  long lastId() {
    return lastId;
  }

  Instant lastCreated() {
    return lastCreated;
  }
}
