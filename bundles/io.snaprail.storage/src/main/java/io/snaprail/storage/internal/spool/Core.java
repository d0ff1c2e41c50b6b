package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What appenders, the reader and the thread that writes share, and when there is something to
 * write. Everything in it is guarded by its lock, under which nobody touches the disk.
 */
final class Core {
  /** Nothing is due. */
  static final long NEVER = Long.MAX_VALUE;

  static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  static final long CURSOR_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  final ReentrantLock lock = new ReentrantLock();

  /** There may be something to read. */
  final Condition arrived = lock.newCondition();

  /** There is something to do for the thread that writes. */
  final Condition work = lock.newCondition();

  /** Something has become durable, or is done with. */
  final Condition safe = lock.newCondition();

  final SpoolSettings settings;
  final Clock clock;
  final LongSupplier nanoTime;
  final Map<Lane, State> lanes = new EnumMap<>(Lane.class);
  final Quarantine quarantine = new Quarantine();
  long nextId = 1;
  boolean reachable;
  boolean closing;
  long cursorDue = NEVER;
  int waiters;

  /** A lane and its timing. */
  static final class State {
    final Lane lane;
    final LaneQueue queue;
    final Durability durability;
    // When the first entry came that is not on disk.
    long pendingSince;
    // What was last appended at that time, to see how long the oldest entry waits.
    long markId;
    long markAt;
    long retryAt;
    boolean failing;

    State(Lane lane, LaneQueue queue, long now) {
      this.lane = lane;
      this.queue = queue;
      this.durability = queue.settings().durability();
      this.markAt = now;
      this.retryAt = now;
    }
  }

  Core(SpoolSettings settings, Clock clock, LongSupplier nanoTime) {
    this.settings = settings;
    this.clock = clock;
    this.nanoTime = nanoTime;
    long now = nanoTime.getAsLong();
    for (Lane lane : Lane.values()) {
      LaneQueue queue = new LaneQueue(settings.lane(lane), settings.memoryBytes());
      lanes.put(lane, new State(lane, queue, now));
    }
  }

  State lane(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
  }

  /** Whether anything is ever written. */
  boolean onDisk() {
    return lanes.values().stream().anyMatch(state -> state.durability != Durability.MEMORY);
  }

  /** The lanes may be read: what an earlier run has left is there, or cannot be had now. */
  void opened() {
    lock.lock();
    try {
      lanes.values().forEach(state -> state.queue.opened());
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a lane may have something that is to outlive the process and is not on disk. */
  boolean unwritten(State state) {
    return state.durability != Durability.MEMORY && state.queue.sinceCommit() > 0;
  }

  /** The cursor is to be written at that time. */
  void cursorIsDue(long at) {
    lock.lock();
    try {
      cursorDue = Math.min(cursorDue, at);
    } finally {
      lock.unlock();
    }
  }

  /** An entry was appended: wakes whoever waits for it. */
  void appended(State state, long sinceCommitBefore) {
    arrived.signal();
    if (sinceCommitBefore == 0) {
      state.pendingSince = nanoTime.getAsLong();
    }
    long step = LaneQueue.COMMIT_BYTES;
    if (state.durability != Durability.MEMORY
        && (sinceCommitBefore == 0
            || state.lane == Lane.ALARM
            || sinceCommitBefore / step != state.queue.sinceCommit() / step)) {
      work.signal();
    }
  }

  /** An entry is done with: the cursor will have to tell, where it is in a file. */
  void done(State state) {
    if (state.queue.hasFiles() && cursorDue == NEVER) {
      cursorDue = nanoTime.getAsLong() + CURSOR_NANOS;
      work.signal();
    }
    if (state.queue.hasDead()) {
      work.signal();
    }
    if (waiters > 0) {
      safe.signalAll();
    }
  }

  /** When something of a lane is to be written; {@link #NEVER} where nothing is. */
  long due(State state, long now) {
    if (state.durability == Durability.MEMORY || state.queue.sinceCommit() == 0) {
      return NEVER;
    }
    long due;
    if (!writes(state, now)) {
      due = state.queue.isEmpty() ? NEVER : state.markAt + settings.spillAfter().toNanos();
    } else if (state.lane == Lane.ALARM
        || closing
        || state.queue.sinceCommit() >= LaneQueue.COMMIT_BYTES) {
      due = now;
    } else {
      due = state.pendingSince + COMMIT_NANOS;
    }
    return state.failing && due != NEVER ? Math.max(due, state.retryAt) : due;
  }

  private boolean writes(State state, long now) {
    return state.durability == Durability.ALWAYS
        || closing
        || !reachable
        || state.queue.crowded()
        || waitsTooLong(state, now);
  }

  private boolean waitsTooLong(State state, long now) {
    if (state.queue.low() > state.markId) {
      state.markId = state.queue.lastId();
      state.markAt = now;
      return false;
    }
    return now - state.markAt >= settings.spillAfter().toNanos();
  }

  /** What the cursor is to say. */
  Map<Lane, Long> lows() {
    Map<Lane, Long> lows = new EnumMap<>(Lane.class);
    lanes.forEach((lane, state) -> lows.put(lane, state.queue.low()));
    return lows;
  }
}
