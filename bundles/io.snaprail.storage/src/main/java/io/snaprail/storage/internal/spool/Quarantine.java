package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Quarantined;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages that the far side cannot take, few and small enough to be kept in memory and in one
 * file. When it is full it takes no more: a wrong setting that makes the far side refuse everything
 * must not carry all data here, and nothing in it is ever given up unasked. What it holds is
 * guarded by the spool's lock; the file belongs to the thread that writes.
 */
final class Quarantine {
  static final String FILE = "quarantine";
  static final int MAX_ENTRIES = 100;
  static final long MAX_BYTES = 4L << 20;

  private static final String NEW = FILE + ".new";
  private static final int MAX_REASON = 500;

  private final List<Quarantined> content = new ArrayList<>();
  private boolean changed;

  boolean add(Entry entry, String reason) {
    long bytes = content.stream().mapToLong(each -> each.entry().bytes()).sum();
    if (content.size() >= MAX_ENTRIES || bytes + entry.bytes() > MAX_BYTES) {
      return false;
    }
    String brief = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    content.add(new Quarantined(entry, brief));
    changed = true;
    return true;
  }

  boolean discard(long id) {
    boolean there = content.removeIf(each -> each.entry().id() == id);
    changed |= there;
    return there;
  }

  List<Quarantined> content() {
    return List.copyOf(content);
  }

  /** What is to be saved; null when nothing has changed. */
  @Nullable List<Quarantined> takeChanged() {
    if (!changed) {
      return null;
    }
    changed = false;
    return content();
  }

  boolean hasChanged() {
    return changed;
  }

  /** Saving has failed. */
  void notSaved() {
    changed = true;
  }

  /** Adds what an earlier run has left. */
  void recovered(List<Quarantined> earlier) {
    content.addAll(0, earlier);
  }

  /** A record with the reason in place of the topic, then the entry, for each. */
  static void save(Volume volume, List<Quarantined> content) throws IOException {
    int bytes = 0;
    List<Entry> records = new ArrayList<>();
    for (Quarantined each : content) {
      Entry entry = each.entry();
      records.add(
          new Entry(entry.id(), entry.lane(), each.reason(), new byte[0], entry.created(), true));
      records.add(entry);
    }
    for (Entry record : records) {
      bytes += 1 + Frame.size(record);
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    for (Entry record : records) {
      int lane = Spool.BY_URGENCY.indexOf(record.lane());
      buffer.put((byte) lane);
      Frame.write(record, lane, buffer);
    }
    try (Volume.Handle file = volume.open(NEW, true)) {
      file.truncate(0);
      file.write(buffer.flip(), 0);
      file.force();
    }
    volume.rename(NEW, FILE);
    volume.sync();
  }

  /** What an earlier run has saved; what is damaged is left out. */
  static List<Quarantined> load(Volume volume) throws IOException {
    if (!volume.list().contains(FILE)) {
      return List.of();
    }
    List<Quarantined> found = new ArrayList<>();
    try (Volume.Handle file = volume.open(FILE, false)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), 4 * MAX_BYTES));
      file.read(bytes, 0);
      bytes.flip();
      Entry reason = record(bytes);
      Entry entry = record(bytes);
      while (reason != null && entry != null) {
        found.add(new Quarantined(entry, reason.topic()));
        reason = record(bytes);
        entry = record(bytes);
      }
    }
    return found;
  }

  private static @Nullable Entry record(ByteBuffer from) {
    if (!from.hasRemaining()) {
      return null;
    }
    int lane = from.get();
    return lane < 0 || lane >= Spool.BY_URGENCY.size()
        ? null
        : Frame.read(from, lane, Spool.BY_URGENCY.get(lane));
  }
}
