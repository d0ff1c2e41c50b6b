package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.Spool.Quarantined;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.storage.internal.spool.Core.State;
import io.snaprail.storage.internal.spool.LaneQueue.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
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
  private static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long JOIN_MS = 5_000;
  private static final long ID_STEP = LaneQueue.MAX_ID_SPAN;
  private static final int MAX_READS = 5;

  private final Core core;
  private final Volume volume;
  private final long firstId;
  private final SpoolProblems problems;
  private final Reserve reserve;
  private final Thread thread;
  private final Map<Lane, LaneFiles> files = new EnumMap<>(Lane.class);
  private final Map<Lane, Long> retryNanos = new EnumMap<>(Lane.class);
  private final Map<Lane, Reads> reads = new EnumMap<>(Lane.class);
  private final Fullness fullness;
  private @Nullable Cursor cursor;
  private boolean useless;
  private boolean claimed;
  private long openAt;
  private long cursorFlushAt = Core.NEVER;
  private long tickAt;
  private long cleanAt;

  /** Failed reads of a lane; used by the reader. */
  private static final class Reads {
    int failed;
    long notBefore;
  }

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
    for (Lane lane : Lane.values()) {
      files.put(lane, new LaneFiles(volume, lane));
      Reads none = new Reads();
      none.notBefore = now;
      reads.put(lane, none);
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
      for (State state : core.lanes.values()) {
        commit(state, last);
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
              + reason(e)
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
      List<Segment> segments = Recovery.segments(filesOf(state.lane), names, low, this::unreadable);
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
            + reason(cause)
            + ". Its messages are not sent; it is tried again at the next start.");
  }

  private void commit(State state, boolean last) {
    List<Batch> batches;
    core.lock.lock();
    try {
      long now = core.nanoTime.getAsLong();
      if (core.due(state, now) > now && !(last && core.unwritten(state))) {
        return;
      }
      batches = state.queue.pending();
    } finally {
      core.lock.unlock();
    }
    if (!batches.isEmpty()) {
      write(state, batches);
    }
  }

  private void write(State state, List<Batch> batches) {
    List<Long> lengths = new ArrayList<>();
    IOException failure = null;
    try {
      for (Batch batch : batches) {
        makeRoom(state, batch);
        lengths.add(append(state.lane, batch));
      }
    } catch (IOException e) {
      failure = e;
    }
    int good = lengths.size();
    try {
      filesOf(state.lane).syncNames();
    } catch (IOException e) {
      failure = e;
      good = 0;
    }
    succeeded(state, batches.subList(0, good), lengths);
    if (failure != null) {
      failed(state, batches.subList(good, batches.size()), failure);
    } else if (retryNanos.remove(state.lane) != null) {
      problems.clear("disk:" + state.lane);
    }
  }

  /** Writes; on a full disk once more with the reserve, where it is worth that. */
  private long append(Lane lane, Batch batch) throws IOException {
    try {
      return filesOf(lane).append(batch.segment(), batch.entries());
    } catch (IOException e) {
      // The segment may have records on disk: the second try would have to know how many.
      if (lane == Lane.ALARM && !batch.segment().inFile() && reserve.release()) {
        return filesOf(lane).append(batch.segment(), batch.entries());
      }
      throw e;
    }
  }

  /** A lane takes no more disk than is to be left free; its oldest messages may make room. */
  private void makeRoom(State state, Batch batch) throws IOException {
    long needed = state.queue.settings().freeDiskBytes();
    for (Entry entry : batch.entries()) {
      needed += Frame.size(entry);
    }
    long free = volume.free();
    while (free < needed) {
      if (!evictFile(state)) {
        throw new DiskFullException(free, needed);
      }
      free = volume.free();
    }
  }

  private boolean evictFile(State state) throws IOException {
    if (state.queue.settings().eviction() != Eviction.DROP_OLDEST) {
      return false;
    }
    core.lock.lock();
    try {
      if (!state.queue.evictFile()) {
        return false;
      }
    } finally {
      core.lock.unlock();
    }
    delete(state);
    return true;
  }

  private void succeeded(State state, List<Batch> batches, List<Long> lengths) {
    core.lock.lock();
    try {
      for (int i = 0; i < batches.size(); i++) {
        state.queue.written(batches.get(i), lengths.get(i));
      }
      state.failing = false;
      core.safe.signalAll();
    } finally {
      core.lock.unlock();
    }
  }

  private void failed(State state, List<Batch> batches, IOException cause) {
    LOG.debug("{}: lane {}", volume.name(), state.lane, cause);
    long wait =
        Math.min(MAX_RETRY_NANOS, 2 * retryNanos.getOrDefault(state.lane, FIRST_RETRY_NANOS / 2));
    retryNanos.put(state.lane, wait);
    core.lock.lock();
    try {
      batches.forEach(state.queue::failed);
      state.failing = true;
      state.retryAt = core.nanoTime.getAsLong() + wait;
    } finally {
      core.lock.unlock();
    }
    problems.error(
        "disk:" + state.lane,
        "lane "
            + state.lane.name().toLowerCase(Locale.ROOT)
            + ": "
            + volume.name()
            + " cannot be written: "
            + reason(cause)
            + ". New messages wait in memory and are lost when the gateway stops. Make room or mend"
            + " the disk; the spool goes on by itself.");
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
          "quarantine", volume.name() + ": the quarantine cannot be written: " + reason(e));
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
              + reason(e)
              + ". After a restart it would be sent again; mend the disk.");
    }
  }

  /** Deletes the files of which nothing is left. */
  private void clean(long now) {
    try {
      for (State state : core.lanes.values()) {
        core.lock.lock();
        try {
          state.queue.sealIfDone();
        } finally {
          core.lock.unlock();
        }
        delete(state);
        filesOf(state.lane).deleteStrays();
      }
    } catch (IOException e) {
      cleanAt = now + FIRST_RETRY_NANOS;
      reserve.release();
      LOG.warn("{}: a file that is not needed cannot be deleted: {}", volume.name(), reason(e));
    }
  }

  private void delete(State state) throws IOException {
    List<Segment> dead;
    core.lock.lock();
    try {
      dead = state.queue.takeDead();
    } finally {
      core.lock.unlock();
    }
    for (Segment segment : dead) {
      filesOf(state.lane).delete(segment);
    }
  }

  private void release(Cursor open) {
    try {
      for (LaneFiles each : files.values()) {
        each.close();
      }
      open.close();
    } catch (IOException e) {
      LOG.debug("{}: closing", volume.name(), e);
    }
  }

  /** Whether reading a lane from disk may be tried now; for the reader. */
  boolean readable(Lane lane) {
    return core.nanoTime.getAsLong() - readsOf(lane).notBefore >= 0;
  }

  /** What a segment has on disk; null when it is to be tried again later. For the reader. */
  @Nullable List<Entry> read(Lane lane, Segment segment) {
    Reads state = readsOf(lane);
    String key = "read:" + lane;
    try {
      List<Entry> found = filesOf(lane).read(segment);
      state.failed = 0;
      if (found.size() < segment.live()) {
        filesOf(lane).setAside(segment.firstId);
        problems.warning(
            key,
            filesOf(lane).name(segment.firstId)
                + " is damaged: "
                + (segment.live() - found.size())
                + " messages are lost. Check the disk.");
      }
      return found;
    } catch (IOException e) {
      state.failed++;
      state.notBefore = core.nanoTime.getAsLong() + FIRST_RETRY_NANOS;
      problems.error(
          key,
          filesOf(lane).name(segment.firstId)
              + " cannot be read: "
              + reason(e)
              + ". Check the disk.");
      if (state.failed < MAX_READS) {
        return null;
      }
      state.failed = 0;
      filesOf(lane).setAside(segment.firstId);
      return List.of();
    }
  }

  private Reads readsOf(Lane lane) {
    return Objects.requireNonNull(reads.get(lane));
  }

  private LaneFiles filesOf(Lane lane) {
    return Objects.requireNonNull(files.get(lane));
  }

  private static String reason(IOException cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
