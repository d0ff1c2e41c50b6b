package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.storage.internal.spool.Segment.Scan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a lane, one a segment: {@code normal-00000000000003e9.log} begins with the record
 * 1001. Used by the thread that writes, except for {@link #read}.
 */
final class LaneFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LaneFiles.class);
  private static final String SUFFIX = ".log";
  private static final int BUFFER_BYTES = 1 << 17;
  private static final long MAX_FILE_BYTES = 1L << 30;

  private final Volume volume;
  private final Lane lane;
  private final String prefix;
  private final Set<String> strays = new HashSet<>();
  private @Nullable Open open;
  private boolean newNames;

  /** The file that is appended to. */
  private static final class Open {
    final Segment segment;
    final Volume.Handle handle;
    long length;

    Open(Segment segment, Volume.Handle handle) {
      this.segment = segment;
      this.handle = handle;
      this.length = segment.fileLength();
    }
  }

  LaneFiles(Volume volume, Lane lane) {
    this.volume = volume;
    this.lane = lane;
    this.prefix = lane.name().toLowerCase(Locale.ROOT) + "-";
  }

  String name(long firstId) {
    return prefix + String.format("%016x", firstId) + SUFFIX;
  }

  /** First ids of the files of this lane among all files of the folder, ascending. */
  List<Long> firstIds(List<String> files) {
    List<Long> ids = new ArrayList<>();
    for (String file : files) {
      if (file.matches(prefix + "[0-9a-f]{16}\\" + SUFFIX)) {
        ids.add(Long.parseUnsignedLong(file.substring(prefix.length(), prefix.length() + 16), 16));
      }
    }
    ids.sort(null);
    return ids;
  }

  /**
   * Appends to the segment's file and flushes it; a new file is safe after {@link #syncNames}. When
   * it fails nothing of the batch counts as written, whatever the file holds now, and the segment's
   * file is not appended to again.
   *
   * @return how long the file is now
   */
  long append(Segment segment, List<Entry> batch) throws IOException {
    Open to = open;
    if (to == null || to.segment != segment) {
      close();
      to = new Open(segment, volume.open(name(segment.firstId), true));
      open = to;
    }
    boolean fresh = to.length == 0;
    try {
      if (to.handle.size() > to.length) {
        to.handle.truncate(to.length);
      }
      long length = write(batch, to);
      to.handle.force();
      newNames |= fresh;
      to.length = length;
      strays.remove(name(segment.firstId));
      return length;
    } catch (IOException e) {
      giveUp(to, e);
      throw e;
    }
  }

  /** Makes the names of new files durable: before that nothing in them counts as written. */
  void syncNames() throws IOException {
    if (newNames) {
      try {
        volume.sync();
        newNames = false;
      } catch (IOException e) {
        // What was appended is appended again.
        close();
        throw e;
      }
    }
  }

  private static long write(List<Entry> batch, Open to) throws IOException {
    int largest = 0;
    long total = 0;
    for (Entry entry : batch) {
      largest = Math.max(largest, Frame.size(entry));
      total += Frame.size(entry);
    }
    int size = (int) Math.max(largest, Math.min(total, BUFFER_BYTES));
    ByteBuffer buffer = ByteBuffer.allocate(size);
    long at = to.length;
    for (Entry entry : batch) {
      if (buffer.remaining() < Frame.size(entry)) {
        at = drain(buffer, to, at);
      }
      Frame.write(entry, to.segment.firstId, buffer);
    }
    return drain(buffer, to, at);
  }

  private static long drain(ByteBuffer buffer, Open to, long at) throws IOException {
    buffer.flip();
    int bytes = buffer.remaining();
    to.handle.write(buffer, at);
    buffer.clear();
    return at + bytes;
  }

  /** What stands behind the last flush must not be taken for good. */
  private void giveUp(Open failed, IOException cause) {
    open = null;
    try (Volume.Handle handle = failed.handle) {
      handle.truncate(failed.length);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    if (failed.length == 0) {
      strays.add(name(failed.segment.firstId));
    }
  }

  /** Closes the file that is appended to. */
  void close() throws IOException {
    Open before = open;
    open = null;
    if (before != null) {
      before.handle.close();
    }
  }

  /** Deletes the file of a segment of which nothing is left. */
  void delete(Segment segment) throws IOException {
    Open now = open;
    if (now != null && now.segment == segment) {
      close();
    }
    volume.delete(name(segment.firstId));
  }

  /** Deletes what failed writes have left. */
  void deleteStrays() throws IOException {
    for (String stray : List.copyOf(strays)) {
      volume.delete(stray);
      strays.remove(stray);
    }
  }

  /** Sets a file aside that cannot be read. */
  void setAside(long firstId) {
    String file = name(firstId);
    try {
      volume.rename(file, file + ".damaged");
    } catch (IOException e) {
      LOG.warn("{}/{} cannot be set aside: {}", volume.name(), file, e.getMessage());
    }
  }

  /** Reads what a segment has in its file: its entries up to the first bad record. */
  List<Entry> read(Segment segment) throws IOException {
    List<Entry> found = new ArrayList<>();
    ByteBuffer bytes = content(segment.firstId);
    Entry entry = Frame.read(bytes, segment.firstId, lane);
    long last = segment.minId - 1;
    while (entry != null && entry.id() <= segment.lastId()) {
      if (entry.id() > last) {
        found.add(entry);
        last = entry.id();
      }
      entry = Frame.read(bytes, segment.firstId, lane);
    }
    return found;
  }

  /**
   * Looks through a file of an earlier run and cuts what is behind its last sound record.
   *
   * @param minId what is below it is done with, or in an earlier file
   */
  Scan scan(long firstId, long minId) throws IOException {
    ByteBuffer bytes = content(firstId);
    int live = 0;
    long liveBytes = 0;
    long last = minId - 1;
    Instant created = Instant.EPOCH;
    Entry entry = Frame.read(bytes, firstId, lane);
    while (entry != null) {
      if (entry.id() > last) {
        live++;
        liveBytes += entry.bytes();
        last = entry.id();
        created = entry.created();
      }
      entry = Frame.read(bytes, firstId, lane);
    }
    if (bytes.hasRemaining()) {
      cut(firstId, bytes.position(), bytes.remaining());
    }
    return new Scan(live, liveBytes, last, created, bytes.position());
  }

  private void cut(long firstId, long length, int surplus) {
    String file = volume.name() + "/" + name(firstId);
    LOG.info("{}: {} bytes behind the last whole message are cut off", file, surplus);
    try (Volume.Handle handle = volume.open(name(firstId), false)) {
      handle.truncate(length);
    } catch (IOException e) {
      // It is found again at the next start; nothing is ever appended behind it.
      LOG.warn("{} cannot be cut to {} bytes: {}", file, length, e.getMessage());
    }
  }

  private ByteBuffer content(long firstId) throws IOException {
    try (Volume.Handle handle = volume.open(name(firstId), false)) {
      long size = handle.size();
      if (size > MAX_FILE_BYTES) {
        throw new IOException(name(firstId) + " has " + size + " bytes, more than any segment");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      handle.read(bytes, 0);
      return bytes.flip();
    }
  }
}
