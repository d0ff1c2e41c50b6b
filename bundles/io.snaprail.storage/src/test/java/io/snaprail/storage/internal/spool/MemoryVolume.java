package io.snaprail.storage.internal.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A disk that knows what would outlive a power cut: what was flushed, and of the rest any part. It
 * can fail one operation, all from one on, or be full.
 */
final class MemoryVolume implements Volume {
  private final Map<String, Content> files = new TreeMap<>();
  private final Map<String, Content> durableNames = new TreeMap<>();
  private final Random random = new Random(7);
  private long capacity = 1L << 40;
  private int operations;
  private int failAt = -1;
  private int cutAt = -1;
  private boolean broken;

  private static final class Content {
    byte[] now = {};
    byte[] durable = {};
    final List<Change> unflushed = new ArrayList<>();
  }

  /** Bytes that were written at a place; null for a cut at that place. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares changes
  private record Change(long at, byte[] bytes) {}

  /** The operation with this number fails, half done. */
  synchronized void failAt(int operation) {
    failAt = operation;
  }

  /** From the operation with this number on nothing works: the power is gone. */
  synchronized void cutAt(int operation) {
    cutAt = operation;
  }

  synchronized void breakDown(boolean broken) {
    this.broken = broken;
  }

  synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  synchronized boolean isCut() {
    return cutAt >= 0 && operations >= cutAt;
  }

  synchronized int operations() {
    return operations;
  }

  synchronized Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new TreeMap<>();
    files.forEach((name, content) -> contents.put(name, content.now.clone()));
    return contents;
  }

  synchronized void put(String name, byte[] bytes) {
    Content content = new Content();
    content.now = bytes.clone();
    content.durable = bytes.clone();
    files.put(name, content);
    durableNames.put(name, content);
  }

  synchronized void remove(String name) {
    files.remove(name);
    durableNames.remove(name);
  }

  /** What the next start finds when the process is killed now. */
  synchronized MemoryVolume afterKill() {
    MemoryVolume after = new MemoryVolume();
    contents().forEach(after::put);
    return after;
  }

  /** What the next start finds when the power is cut now: one of the many things that can be. */
  synchronized MemoryVolume afterPowerCut(long seed) {
    // Not Random: what it says first is the same for all small seeds.
    SplittableRandom chance = new SplittableRandom(seed);
    MemoryVolume after = new MemoryVolume();
    // The folder is journalled: either all changes of names have come so far, or none.
    Map<String, Content> names = chance.nextBoolean() ? files : durableNames;
    names.forEach((name, content) -> after.put(name, survivor(content, chance)));
    return after;
  }

  private static byte[] survivor(Content content, SplittableRandom chance) {
    byte[] bytes = content.durable;
    for (Change change : content.unflushed) {
      switch (chance.nextInt(4)) {
        case 0 -> {
          // lost
        }
        case 1 -> bytes = applied(bytes, torn(change, chance));
        // Grown, but its blocks were never written.
        case 2 -> bytes = applied(bytes, zeroed(change));
        default -> bytes = applied(bytes, change);
      }
    }
    return bytes;
  }

  private static Change torn(Change change, SplittableRandom chance) {
    return change.bytes == null || change.bytes.length == 0
        ? change
        : new Change(
            change.at, Arrays.copyOf(change.bytes, chance.nextInt(change.bytes.length + 1)));
  }

  private static Change zeroed(Change change) {
    return change.bytes == null ? change : new Change(change.at, new byte[change.bytes.length]);
  }

  private static byte[] applied(byte[] bytes, Change change) {
    if (change.bytes == null) {
      return Arrays.copyOf(bytes, (int) Math.min(bytes.length, change.at));
    }
    byte[] result =
        Arrays.copyOf(bytes, (int) Math.max(bytes.length, change.at + change.bytes.length));
    System.arraycopy(change.bytes, 0, result, (int) change.at, change.bytes.length);
    return result;
  }

  /** Counts an operation; whether it is to fail half done. */
  private boolean operation() throws IOException {
    operations++;
    if (broken || (cutAt >= 0 && operations > cutAt)) {
      throw new IOException("Input/output error");
    }
    return operations == failAt || operations == cutAt;
  }

  private void whole() throws IOException {
    if (operation()) {
      throw new IOException("Input/output error");
    }
  }

  private long used() {
    return files.values().stream().mapToLong(content -> content.now.length).sum();
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public synchronized void create() throws IOException {
    whole();
  }

  @Override
  public synchronized List<String> list() throws IOException {
    if (broken) {
      throw new IOException("Input/output error");
    }
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized Handle open(String file, boolean make) throws IOException {
    Content content = files.get(file);
    if (content == null) {
      if (!make) {
        throw new IOException(file);
      }
      whole();
      content = new Content();
      files.put(file, content);
    }
    return new OpenFile(content);
  }

  @Override
  public synchronized void delete(String file) throws IOException {
    whole();
    files.remove(file);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    whole();
    Content content = files.remove(from);
    if (content != null) {
      files.put(to, content);
    }
  }

  @Override
  public synchronized void sync() throws IOException {
    whole();
    durableNames.clear();
    durableNames.putAll(files);
  }

  @Override
  public synchronized long free() {
    return Math.max(0, capacity - used());
  }

  private final class OpenFile implements Handle {
    private final Content content;

    OpenFile(Content content) {
      this.content = content;
    }

    @Override
    public long size() {
      synchronized (MemoryVolume.this) {
        return content.now.length;
      }
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
      synchronized (MemoryVolume.this) {
        if (broken) {
          throw new IOException("Input/output error");
        }
        int from = (int) Math.min(position, content.now.length);
        to.put(content.now, from, Math.min(to.remaining(), content.now.length - from));
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      synchronized (MemoryVolume.this) {
        boolean half = operation();
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        long more = Math.max(0, position + bytes.length - content.now.length);
        boolean full = more > free();
        if (half || full) {
          bytes = Arrays.copyOf(bytes, full ? 0 : random.nextInt(bytes.length + 1));
        }
        change(new Change(position, bytes));
        if (half || full) {
          throw new IOException(full ? "No space left on device" : "Input/output error");
        }
      }
    }

    private void change(Change change) {
      content.now = applied(content.now, change);
      content.unflushed.add(change);
    }

    @Override
    public void truncate(long length) throws IOException {
      synchronized (MemoryVolume.this) {
        whole();
        change(new Change(length, null));
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryVolume.this) {
        if (operation()) {
          // As Linux does: what was dirty is marked clean all the same, and may never arrive.
          content.unflushed.clear();
          throw new IOException("Input/output error");
        }
        content.durable = content.now;
        content.unflushed.clear();
      }
    }

    @Override
    public void close() {}
  }
}
