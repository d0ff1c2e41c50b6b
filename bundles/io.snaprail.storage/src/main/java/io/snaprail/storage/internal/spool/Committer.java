package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.Spool.Quarantined;
import io.snaprail.storage.internal.spool.Core.State;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a spool to disk, with a thread of its own: what has come within a second together, or as
 * soon as it is 256 KB or an alarm; then how far all is acknowledged; then it deletes what nobody
 * needs any more. What fails is told, and tried again by itself.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long JOIN_MS = 5_000;
  private static final long ID_STEP = LaneQueue.MAX_ID_SPAN;

  private final Core core;
  private final Volume volume;
  private final long firstId;
  private final SpoolProblems problems;
  private final Reserve reserve;
  private final Thread thread;
  private final Map<Lane, LaneWriter> writers = new EnumMap<>(Lane.class);
  private final Fullness fullness;
  private @Nullable Cursor cursor;
  private boolean useless;
  private boolean claimed;
  private long openAt;
  private long cursorFlushAt = Core.NEVER;
  private long tickAt;
  private long cleanAt;

  Committer(Core core, Volume volume, String name, SpoolProblems problems) {
    this.core = core;
    this.volume = volume;
    this.problems = problems;
    this.reserve = new Reserve(volume);
    this.fullness = new Fullness(core, problems);
    this.firstId = core.nextId;
    long now = core.nanoTime.getAsLong();
    this.openAt = now;
    this.tickAt = now;
    this.cleanAt = now;
    for (State state : core.lanes.values()) {
      writers.put(state.lane, new LaneWriter(core, state, volume, reserve, problems));
    }
    this.thread = new Thread(this::run, "snaprail-spool-" + name);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Waits until what is to outlive the process is on disk, 5 s at most. */
  void join() {
    boolean interrupted = false;
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      LOG.warn("{}: the disk does not answer; what waits in memory may be lost", volume.name());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // A task begins here: nothing that is thrown may end the thread.
  @SuppressWarnings("CatchingUnchecked")
  private void run() {
    boolean more = true;
    while (more) {
      try {
        more = await();
        step(!more);
      } catch (Throwable t) {
        LOG.error("{}: the spool goes on after an internal fault", volume.name(), t);
        openAt = core.nanoTime.getAsLong() + FIRST_RETRY_NANOS;
      }
    }
    problems.close();
  }

  /** Waits for work; false when the spool is to close. */
  private boolean await() {
    core.lock.lock();
    try {
      while (!core.closing) {
        long now = core.nanoTime.getAsLong();
        long left = due(now) - now;
        if (left <= 0) {
          return true;
        }
        core.work.awaitNanos(left);
      }
      return false;
    } catch (InterruptedException e) {
      core.closing = true;
      return false;
    } finally {
      core.lock.unlock();
    }
  }

  private long due(long now) {
    long due = tickAt;
    if (useless) {
      return due;
    }
    if (cursor == null) {
      return Math.min(due, openAt);
    }
    boolean clean = core.quarantine.hasChanged();
    for (State state : core.lanes.values()) {
      due = Math.min(due, core.due(state, now));
      clean |= state.queue.hasDead();
    }
    due = Math.min(due, Math.min(core.cursorDue, cursorFlushAt));
    return clean ? Math.min(due, Math.max(now, cleanAt)) : due;
  }

  private void step(boolean last) {
    long now = core.nanoTime.getAsLong();
    if (cursor == null && !useless && (last || now - openAt >= 0)) {
      open(now);
    }
    if (cursor != null) {
      boolean all = saveQuarantine(now);
      for (LaneWriter writer : writers.values()) {
        writer.commit(last);
      }
      if (all) {
        saveCursor(cursor, last);
        clean(now);
      }
      if (last) {
        release(cursor);
      }
    }
    if (last || now - tickAt >= 0) {
      tick(now);
    }
    problems.pass();
  }

  private void tick(long now) {
    tickAt = now + TICK_NANOS;
    core.lock.lock();
    try {
      core.lanes.values().forEach(state -> state.queue.expire(core.clock.instant()));
      core.safe.signalAll();
    } finally {
      core.lock.unlock();
    }
    fullness.look(now);
    if (cursor != null) {
      reserve.take();
    }
  }

  private void open(long now) {
    try {
      if (!core.onDisk() && volume.list().isEmpty()) {
        useless = true;
      } else {
        recoverAll();
      }
      problems.clear("open");
    } catch (IOException e) {
      LOG.debug("{}: opening", volume.name(), e);
      openAt = now + FIRST_RETRY_NANOS;
      problems.error(
          "open",
          volume.name()
              + " cannot be used: "
              + SpoolProblems.reason(e)
              + ". Messages wait in memory and are lost when the gateway stops. Mend the disk or"
              + " the rights of the folder; the spool goes on by itself.");
    }
    core.opened();
  }

  private void recoverAll() throws IOException {
    volume.create();
    Cursor opened = Cursor.open(volume);
    try {
      recover(opened);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void recover(Cursor opened) throws IOException {
    List<String> names = volume.list();
    if (!claimed && Recovery.firstId(volume, names, opened.state()) > firstId) {
      useless = true;
      opened.close();
      problems.error(
          "late",
          volume.name()
              + " came back too late: new messages are numbered already. They wait in memory; what"
              + " is on disk is sent after the next start of the gateway.");
      return;
    }
    List<Quarantined> quarantined = Quarantine.load(volume);
    // From here on the limit on disk is our own, also when this attempt does not get to its end.
    claimed = true;
    opened.write(new Cursor.State(firstId + ID_STEP, opened.state().lows()));
    opened.flush();
    for (State state : core.lanes.values()) {
      long low = opened.state().low(state.lane);
      List<Segment> segments =
          Recovery.segments(writerOf(state.lane).files(), names, low, this::unreadable);
      core.lock.lock();
      try {
        state.queue.startAfter(low - 1);
        segments.forEach(state.queue::recovered);
      } finally {
        core.lock.unlock();
      }
    }
    core.lock.lock();
    try {
      core.quarantine.recovered(quarantined);
    } finally {
      core.lock.unlock();
    }
    reserve.take();
    cursor = opened;
  }

  private void unreadable(String file, IOException cause) {
    problems.error(
        "file:" + file,
        volume.name()
            + "/"
            + file
            + " cannot be read: "
            + SpoolProblems.reason(cause)
            + ". Its messages are not sent; it is tried again at the next start.");
  }

  private boolean saveQuarantine(long now) {
    List<Quarantined> content;
    core.lock.lock();
    try {
      content = core.quarantine.takeChanged();
    } finally {
      core.lock.unlock();
    }
    if (content == null) {
      return true;
    }
    try {
      Quarantine.save(volume, content);
      problems.clear("quarantine");
      return true;
    } catch (IOException e) {
      cleanAt = now + FIRST_RETRY_NANOS;
      reserve.release();
      problems.error(
          "quarantine",
          volume.name() + ": the quarantine cannot be written: " + SpoolProblems.reason(e));
      core.lock.lock();
      try {
        core.quarantine.notSaved();
      } finally {
        core.lock.unlock();
      }
      return false;
    }
  }

  private void saveCursor(Cursor to, boolean last) {
    Cursor.State next;
    boolean write;
    long now;
    core.lock.lock();
    try {
      now = core.nanoTime.getAsLong();
      long limit = to.state().idLimit();
      boolean more = core.nextId > limit - ID_STEP / 2;
      next = new Cursor.State(more ? core.nextId + ID_STEP : limit, core.lows());
      write = more || last || core.cursorDue <= now;
      if (write) {
        core.cursorDue = Core.NEVER;
      }
    } finally {
      core.lock.unlock();
    }
    try {
      if (write) {
        to.write(next);
        cursorFlushAt = Math.min(cursorFlushAt, now + Core.COMMIT_NANOS);
      }
      if (last || cursorFlushAt <= now) {
        cursorFlushAt = Core.NEVER;
        to.flush();
      }
      problems.clear("cursor");
    } catch (IOException e) {
      cursorFlushAt = now + FIRST_RETRY_NANOS;
      core.cursorIsDue(cursorFlushAt);
      reserve.release();
      problems.error(
          "cursor",
          volume.name()
              + ": what is acknowledged cannot be noted: "
              + SpoolProblems.reason(e)
              + ". After a restart it would be sent again; mend the disk.");
    }
  }

  /** Deletes the files of which nothing is left. */
  private void clean(long now) {
    try {
      for (LaneWriter writer : writers.values()) {
        writer.clean();
      }
    } catch (IOException e) {
      cleanAt = now + FIRST_RETRY_NANOS;
      reserve.release();
      LOG.warn(
          "{}: a file that is not needed cannot be deleted: {}",
          volume.name(),
          SpoolProblems.reason(e));
    }
  }

  private void release(Cursor open) {
    try {
      for (LaneWriter writer : writers.values()) {
        writer.close();
      }
      open.close();
    } catch (IOException e) {
      LOG.debug("{}: closing", volume.name(), e);
    }
  }

  /** Reads a lane's files; for the reader. */
  LaneReader reader(Lane lane) {
    return writerOf(lane).reader();
  }

  private LaneWriter writerOf(Lane lane) {
    return Objects.requireNonNull(writers.get(lane));
  }
}
