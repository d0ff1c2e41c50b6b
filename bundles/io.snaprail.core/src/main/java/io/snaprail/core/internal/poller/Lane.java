package io.snaprail.core.internal.poller;

import io.snaprail.api.runtime.BusStatus;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bus and everything that wants to use it: at any moment at most one task uses it, in the order
 * of its {@link Roster}. Between tasks, and while a task waits without one, the lane holds no
 * thread.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /** A busy lane gives its worker back after this long, so that other lanes get their turn. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Pause before a worker is asked for again when none could be had. */
  private static final long NO_WORKER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Threads threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable kick = this::kick;
  private final Runnable retry = this::startWorker;
  private final Runnable resume = this::resume;
  private final Runnable work = this::run;
  private final Roster roster;
  private final BusMeter meter;
  private @Nullable Future<?> alarm;
  private long alarmNanos;
  private boolean running;
  private boolean closed;

  /** What is done now; changed by whoever runs the lane, under the lock. */
  private @Nullable Task current;

  private long currentSinceNanos;

  Lane(Threads threads) {
    this.threads = threads;
    this.roster = new Roster(threads, kick);
    this.meter = new BusMeter(threads.nanos());
  }

  void add(PolledDevice device) {
    lock.lock();
    try {
      roster.add(device);
    } finally {
      lock.unlock();
    }
    kick();
  }

  /** Takes a device off; a task of it that runs now may still end. */
  void remove(PolledDevice device) {
    lock.lock();
    try {
      roster.remove(device);
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody uses the bus now or waits for a turn. */
  boolean idle() {
    lock.lock();
    try {
      return !running && !roster.turnWaits();
    } finally {
      lock.unlock();
    }
  }

  /** Puts a write before every poll, behind the writes that wait. */
  void write(Turn<?> turn) {
    boolean late;
    lock.lock();
    try {
      late = closed;
      if (!late) {
        roster.write(turn);
      }
    } finally {
      lock.unlock();
    }
    if (late) {
      turn.refuse();
    } else {
      kick();
    }
  }

  /** Puts a visit in line; {@link #kick()} is still to come. */
  void visit(Turn<?> turn) {
    lock.lock();
    try {
      roster.visit(turn);
    } finally {
      lock.unlock();
    }
  }

  /** Tells those who wait that nothing begins any more. */
  void close() {
    List<Turn<?>> left;
    lock.lock();
    try {
      closed = true;
      left = roster.takeTurns();
      cancelAlarm();
    } finally {
      lock.unlock();
    }
    left.forEach(Turn::refuse);
  }

  /** How long a task of a tool has held the bus; zero when none does. */
  long visitNanos() {
    lock.lock();
    try {
      return current instanceof Turn<?> turn ? turn.heldNanos() : 0;
    } finally {
      lock.unlock();
    }
  }

  /** The bus as it is now. */
  BusStatus status(String name, List<String> devices) {
    lock.lock();
    try {
      long now = threads.nanos();
      return new BusStatus(
          name,
          devices,
          meter.use(now, running(now)),
          meter.probes(now),
          meter.lateP99Ms(now),
          meter.cycles(),
          meter.writes(),
          meter.missedPeriods(),
          meter.deadlineMisses());
    } finally {
      lock.unlock();
    }
  }

  /** For how long what is done now has used the bus. */
  private long running(long now) {
    return current != null && current.usesBus() ? now - currentSinceNanos : 0;
  }

  /** Starts a worker unless one runs or nothing is due. */
  void kick() {
    lock.lock();
    try {
      if (running || nothingDue(threads.nanos())) {
        return;
      }
      running = true;
    } finally {
      lock.unlock();
    }
    startWorker();
  }

  /** Hands the lane, which is marked as running, to a worker. */
  private void startWorker() {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("A lane ends: the poller is closed", e);
    } catch (Throwable e) {
      // Such as no memory for a thread: marked as running, the lane would stand still for ever.
      LOG.error("No thread for a lane; tried again in a second", e);
      Future<?> again = threads.alarm(retry, NO_WORKER_NANOS);
      LOG.trace("The lane waits for {}", again);
    }
  }

  /**
   * What went on without a worker is over, as whoever's thread this is tells. That thread takes on
   * what only hands values on, which spares a change of threads a cycle; a worker the rest.
   */
  private void resume() {
    Task task = current;
    if (task == null || !task.endsAtOnce()) {
      startWorker();
      return;
    }
    end(task);
    lock.lock();
    try {
      if (nothingDue(threads.nanos())) {
        running = false;
        return;
      }
    } finally {
      lock.unlock();
    }
    startWorker();
  }

  private void run() {
    long end = threads.nanos() + SLICE_NANOS;
    Task task = current;
    if (task != null) {
      end(task);
    }
    for (task = next(); task != null; task = next()) {
      if (!begin(task)) {
        // Whoever ends it may have this lane on another worker already.
        return;
      }
      end(task);
      // A driver that leaves its thread interrupted must not make the next one's sockets fail.
      if (Thread.interrupted() || threads.nanos() - end > 0) {
        startWorker();
        return;
      }
    }
  }

  private boolean begin(Task task) {
    try {
      return task.begin(resume);
    } catch (Throwable e) {
      // A lane must outlive whatever a driver does.
      LOG.error("A task of a lane failed", e);
      return true;
    }
  }

  private void end(Task task) {
    try {
      task.end();
    } catch (Throwable e) {
      LOG.error("A task of a lane failed at its end", e);
    }
    lock.lock();
    try {
      current = null;
      task.account(meter, roster.budget());
    } finally {
      lock.unlock();
    }
  }

  /** The next task, or null after giving the worker back and setting the alarm. */
  private @Nullable Task next() {
    lock.lock();
    try {
      long now = threads.nanos();
      current = roster.next(now);
      currentSinceNanos = now;
      if (current == null) {
        running = false;
        if (!nothingDue(now)) {
          // What could not be had a moment ago can be now.
          setAlarm(now, 0);
        }
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is nothing to do now; if so the alarm is set to when there will be. */
  private boolean nothingDue(long now) {
    if (closed) {
      return true;
    }
    long wait = roster.waitNanos(now);
    if (wait <= 0) {
      return false;
    }
    setAlarm(now, wait);
    return true;
  }

  private void setAlarm(long now, long delayNanos) {
    if (delayNanos == Long.MAX_VALUE) {
      cancelAlarm();
      return;
    }
    long at = now + delayNanos;
    if (alarm != null && !alarm.isDone() && alarmNanos == at) {
      return;
    }
    cancelAlarm();
    alarmNanos = at;
    alarm = threads.alarm(kick, delayNanos);
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
