package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool;
import io.snaprail.storage.internal.spool.Core.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A spool whose lanes are kept in memory, on disk, or both, as their settings say. Appending and
 * acknowledging only change what is in memory; one thread ({@link Committer}) brings it to disk;
 * the reader alone waits for the disk, when what it wants is no longer in memory.
 */
final class DiskSpool implements Spool {
  private final Core core;
  private final Committer committer;
  private final Runnable onClose;
  private boolean closed;

  DiskSpool(Core core, Committer committer, Runnable onClose) {
    this.core = core;
    this.committer = committer;
    this.onClose = onClose;
  }

  /** Whether what an earlier run has left has been read, or cannot be. */
  boolean isOpen() {
    core.lock.lock();
    try {
      return core.lane(Lane.ALARM).queue.isOpen();
    } finally {
      core.lock.unlock();
    }
  }

  /** {@inheritDoc} A closed spool takes nothing. */
  @Override
  public long append(Lane lane, String topic, byte[] payload) {
    // To the millisecond, as it is on disk.
    Instant now = Instant.ofEpochMilli(core.clock.millis());
    core.lock.lock();
    try {
      if (core.closing) {
        return -1;
      }
      State state = core.lane(lane);
      Entry entry = new Entry(core.nextId, lane, topic, payload, now, false);
      long bytes = entry.bytes();
      if (bytes - payload.length > Frame.MAX_TOPIC) {
        throw new IllegalArgumentException(
            "topic: expected " + Frame.MAX_TOPIC + " bytes at most, found " + bytes);
      }
      if (!state.queue.admit(bytes)) {
        return -1;
      }
      core.nextId++;
      long before = state.queue.sinceCommit();
      state.queue.append(entry);
      core.appended(state, before);
      return entry.id();
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public @Nullable Entry next(List<Lane> order, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    core.lock.lockInterruptibly();
    try {
      while (true) {
        State elsewhere = null;
        for (Lane lane : order) {
          State state = core.lane(lane);
          Entry entry = state.queue.read();
          if (entry != null) {
            return entry;
          }
          if (state.queue.reading() != null && committer.reader(lane).ready()) {
            elsewhere = state;
            break;
          }
        }
        if (core.closing) {
          return null;
        }
        if (elsewhere != null) {
          load(elsewhere);
        } else if (left <= 0) {
          return null;
        } else {
          left = core.arrived.awaitNanos(left);
        }
      }
    } finally {
      core.lock.unlock();
    }
  }

  /** Brings back what is read next; without the lock while it waits for the disk. */
  private void load(State state) {
    Segment segment = state.queue.reading();
    if (segment == null) {
      return;
    }
    core.lock.unlock();
    List<Entry> found;
    try {
      found = committer.reader(state.lane).read(segment);
    } finally {
      core.lock.lock();
    }
    if (found != null) {
      state.queue.load(segment, found);
      core.done(state);
    }
  }

  @Override
  public void acknowledge(long id) {
    core.lock.lock();
    try {
      for (State state : core.lanes.values()) {
        if (state.queue.remove(id) != null) {
          core.done(state);
          return;
        }
      }
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public void rewind() {
    core.lock.lock();
    try {
      core.lanes.values().forEach(state -> state.queue.rewind());
      core.arrived.signalAll();
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public void reachable(boolean reachable) {
    core.lock.lock();
    try {
      core.reachable = reachable;
      core.work.signal();
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public boolean quarantine(long id, String reason) {
    core.lock.lock();
    try {
      for (State state : core.lanes.values()) {
        Entry entry = state.queue.find(id);
        if (entry != null) {
          boolean taken = core.quarantine.add(entry, reason);
          if (taken) {
            state.queue.remove(id);
            core.done(state);
            core.work.signal();
          }
          return taken;
        }
      }
      return false;
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public List<Quarantined> quarantined() {
    core.lock.lock();
    try {
      return core.quarantine.content();
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public boolean discard(long id) {
    core.lock.lock();
    try {
      boolean there = core.quarantine.discard(id);
      core.work.signal();
      return there;
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public long durable(Lane lane) {
    core.lock.lock();
    try {
      return core.lane(lane).queue.durableTo();
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public boolean awaitDurable(Lane lane, long id, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    core.lock.lockInterruptibly();
    core.waiters++;
    try {
      LaneQueue queue = core.lane(lane).queue;
      while (queue.durableTo() < id && left > 0 && !closed) {
        left = core.safe.awaitNanos(left);
      }
      return queue.durableTo() >= id;
    } finally {
      core.waiters--;
      core.lock.unlock();
    }
  }

  @Override
  public Stats stats() {
    core.lock.lock();
    try {
      Stats sum = new Stats(0, 0, 0, 0);
      for (State state : core.lanes.values()) {
        Stats lane = state.queue.stats();
        sum =
            new Stats(
                sum.entries() + lane.entries(),
                sum.bytes() + lane.bytes(),
                sum.capacityBytes() + lane.capacityBytes(),
                sum.dropped() + lane.dropped());
      }
      return sum;
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public Stats stats(Lane lane) {
    core.lock.lock();
    try {
      return core.lane(lane).queue.stats();
    } finally {
      core.lock.unlock();
    }
  }

  @Override
  public void close() {
    core.lock.lock();
    try {
      if (core.closing) {
        return;
      }
      core.closing = true;
      core.work.signalAll();
      core.arrived.signalAll();
    } finally {
      core.lock.unlock();
    }
    committer.join();
    core.lock.lock();
    try {
      closed = true;
      core.safe.signalAll();
    } finally {
      core.lock.unlock();
    }
    onClose.run();
  }
}
