package io.snaprail.core.internal.poller;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bus and everything that wants to use it: at any moment at most one worker runs one task of
 * it. Writes go first, then whatever should begin earliest: a poll by the end of its period, a
 * visit (such as a request of a tool) within a second. Between tasks the lane holds no thread.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /** A busy lane gives its worker back after this long, so that other lanes get their turn. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Within what time a visit should begin. */
  private static final long VISIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Pause before a worker is asked for again when none could be had. */
  private static final long NO_WORKER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Workers workers;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<PolledDevice> devices = new ArrayList<>();
  private final Deque<Turn<?>> writes = new ArrayDeque<>();
  private final Deque<Visit> visits = new ArrayDeque<>();
  private boolean running;
  private @Nullable ScheduledFuture<?> alarm;
  private long alarmNanos;
  private boolean closed;

  /** A turn that is not a device's, and by when it should begin. */
  private record Visit(Turn<?> turn, long deadlineNanos) {}

  Lane(Workers workers) {
    this.workers = workers;
  }

  void add(PolledDevice device) {
    lock.lock();
    try {
      devices.add(device);
    } finally {
      lock.unlock();
    }
    kick();
  }

  /** Takes a device off; a task of it that runs now may still end. */
  void remove(PolledDevice device) {
    lock.lock();
    try {
      devices.remove(device);
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody uses the bus now. */
  boolean idle() {
    lock.lock();
    try {
      return !running && writes.isEmpty() && visits.isEmpty();
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
        writes.addLast(turn);
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
      visits.addLast(new Visit(turn, System.nanoTime() + VISIT_NANOS));
    } finally {
      lock.unlock();
    }
  }

  /** Tells those who wait that nothing begins any more. */
  void close() {
    List<Turn<?>> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      left.addAll(writes);
      visits.forEach(visit -> left.add(visit.turn));
      writes.clear();
      visits.clear();
      cancelAlarm();
    } finally {
      lock.unlock();
    }
    left.forEach(Turn::refuse);
  }

  /** Starts a worker unless one runs or nothing is due. */
  void kick() {
    lock.lock();
    try {
      if (!running) {
        if (nothingDue(System.nanoTime())) {
          return;
        }
        running = true;
      } else {
        return;
      }
    } finally {
      lock.unlock();
    }
    startWorker();
  }

  /** Hands the lane, which is marked as running, to a worker. */
  private void startWorker() {
    try {
      workers.executor().execute(this::run);
    } catch (RejectedExecutionException e) {
      LOG.debug("A lane ends: the poller is closed", e);
    } catch (Throwable e) {
      // Such as no memory for a thread: marked as running, the lane would stand still for ever.
      LOG.error("No thread for a lane; tried again in a second", e);
      lock.lock();
      try {
        running = false;
        setAlarm(System.nanoTime(), NO_WORKER_NANOS);
      } finally {
        lock.unlock();
      }
    }
  }

  private void run() {
    long end = System.nanoTime() + SLICE_NANOS;
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) {
        // A lane must outlive whatever a driver does.
        LOG.error("A task of a lane failed", e);
      }
      // A driver that leaves its thread interrupted must not make the next one's sockets fail.
      if (Thread.interrupted() || System.nanoTime() - end > 0) {
        startWorker();
        return;
      }
    }
  }

  /** The next task, or null after giving the worker back and setting the alarm. */
  private @Nullable Runnable next() {
    lock.lock();
    try {
      Turn<?> write = writes.pollFirst();
      if (write != null) {
        return write;
      }
      long now = System.nanoTime();
      PolledDevice device = earliest(now);
      Visit visit = visits.peekFirst();
      if (visit != null
          && (device == null || visit.deadlineNanos - device.deadlineNanos(now) < 0)) {
        visits.removeFirst();
        return visit.turn;
      }
      if (device != null) {
        return device.takeDue(now);
      }
      running = false;
      nothingDue(now);
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable PolledDevice earliest(long now) {
    PolledDevice earliest = null;
    long deadline = 0;
    for (PolledDevice device : devices) {
      PollGroup group = device.due(now);
      if (group != null && (earliest == null || group.deadlineNanos() - deadline < 0)) {
        earliest = device;
        deadline = group.deadlineNanos();
      }
    }
    return earliest;
  }

  /** Whether there is nothing to do now; if so the alarm is set to when there will be. */
  private boolean nothingDue(long now) {
    if (closed) {
      return true;
    }
    if (!writes.isEmpty() || !visits.isEmpty()) {
      return false;
    }
    if (devices.isEmpty()) {
      cancelAlarm();
      return true;
    }
    long next = Long.MAX_VALUE;
    for (PolledDevice device : devices) {
      next = Math.min(next, device.untilDue(now));
    }
    if (next <= 0) {
      return false;
    }
    setAlarm(now, next);
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
    alarm = workers.timer().schedule(this::kick, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
