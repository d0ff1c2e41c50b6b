package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * How far each lane is acknowledged, in a small file of two slots that are written in turn: a power
 * cut can tear the one that is being written, never the one that was flushed before. The file has
 * its full length from the start, so that it can be written on a full disk.
 *
 * <p>Between two flushes the same slot is written again and again: that outlives the end of the
 * process, not a power cut, and costs the disk nothing.
 */
final class Cursor {
  static final String FILE = "cursor";

  /** Each slot in a block of its own. */
  static final int SLOT_BYTES = 4096;

  private static final int MAGIC = 0x534E5043;
  private static final int USED = 4 + 4 + 8 + 8 + 8 * Lane.values().length;
  private static final int SLOTS = 2;

  private final Volume.Handle file;
  private State state;
  private long turn;
  private boolean flushed = true;

  /**
   * What is kept.
   *
   * @param idLimit no id from this on has been given out
   * @param lows for each lane: everything below is done with
   */
  record State(long idLimit, Map<Lane, Long> lows) {
    static State empty() {
      return new State(1, Map.of());
    }

    State {
      lows = Map.copyOf(lows);
    }

    long low(Lane lane) {
      return lows.getOrDefault(lane, 0L);
    }
  }

  private Cursor(Volume.Handle file, State state, long turn) {
    this.file = file;
    this.state = state;
    this.turn = turn;
  }

  /** Looks what is there without changing anything. */
  static State peek(Volume volume) throws IOException {
    try (Volume.Handle file = volume.open(FILE, false)) {
      return read(file).state;
    }
  }

  /** Opens the file, making it if needed; where no slot is sound, nothing is known. */
  static Cursor open(Volume volume) throws IOException {
    Volume.Handle file = volume.open(FILE, true);
    try {
      Cursor found = read(file);
      long size = file.size();
      if (size < SLOTS * SLOT_BYTES) {
        // Appended, so that what is there already stays.
        file.write(ByteBuffer.allocate((int) (SLOTS * SLOT_BYTES - size)), size);
      }
      // The process before may not have flushed what it wrote last; the other slot is next.
      file.force();
      volume.sync();
      return found;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Cursor read(Volume.Handle file) throws IOException {
    ByteBuffer slots = ByteBuffer.allocate(SLOTS * SLOT_BYTES);
    file.read(slots, 0);
    State state = State.empty();
    long turn = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      long found = turn(slots, slot * SLOT_BYTES);
      if (found > turn) {
        turn = found;
        state = state(slots, slot * SLOT_BYTES);
      }
    }
    return new Cursor(file, state, turn + 1);
  }

  /** What was written last. */
  State state() {
    return state;
  }

  /** Writes; safe from the end of the process, and after {@link #flush} from a power cut. */
  void write(State next) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(USED);
    slot.putInt(MAGIC).putInt(0).putLong(turn).putLong(next.idLimit());
    for (Lane lane : Spool.BY_URGENCY) {
      slot.putLong(next.low(lane));
    }
    slot.putInt(4, checksum(slot, 0)).flip();
    flushed = false;
    file.write(slot, turn % SLOTS * SLOT_BYTES);
    state = next;
  }

  /** Whether there is something that a power cut would take. */
  boolean dirty() {
    return !flushed;
  }

  void flush() throws IOException {
    if (!flushed) {
      file.force();
      flushed = true;
      turn++;
    }
  }

  void close() throws IOException {
    file.close();
  }

  private static long turn(ByteBuffer slots, int at) {
    boolean sound = slots.getInt(at) == MAGIC && slots.getInt(at + 4) == checksum(slots, at);
    return sound ? slots.getLong(at + 8) : 0;
  }

  private static State state(ByteBuffer slots, int at) {
    Map<Lane, Long> lows = new EnumMap<>(Lane.class);
    int next = at + 24;
    for (Lane lane : Spool.BY_URGENCY) {
      lows.put(lane, slots.getLong(next));
      next += 8;
    }
    return new State(slots.getLong(at + 16), lows);
  }

  private static int checksum(ByteBuffer slots, int at) {
    CRC32C crc = new CRC32C();
    ByteBuffer part = slots.duplicate();
    part.limit(at + USED).position(at + 8);
    crc.update(part);
    return (int) crc.getValue();
  }
}
