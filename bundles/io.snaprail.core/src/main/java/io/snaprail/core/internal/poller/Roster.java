package io.snaprail.core.internal.poller;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to use a bus, and whose turn it is: writes, then a device that is away and may be
 * tried, then what should begin earliest: a poll by the end of its period, a visit (a task of a
 * tool) within a second. Guarded by the lock of its lane.
 */
final class Roster {
  /** Within what time a visit should begin. */
  private static final long VISIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Who waits for a worker is told when there is one, and looks himself this often. */
  private static final long NO_PERMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Threads threads;
  private final Runnable kick;
  private final ProbeBudget budget;
  private final List<PolledDevice> devices = new ArrayList<>();
  private final Deque<Turn<?>> writes = new ArrayDeque<>();
  private final Deque<Visit> visits = new ArrayDeque<>();

  // What the last look has found.
  private @Nullable PolledDevice probe;
  private @Nullable PolledDevice poll;
  private @Nullable PollGroup pollGroup;
  private long waitNanos;

  /** A turn that is not a device's, and by when it should begin. */
  private record Visit(Turn<?> turn, long deadlineNanos) {}

  /**
   * A roster without anybody.
   *
   * @param kick is run when somebody who had to wait for a worker may have one
   */
  Roster(Threads threads, Runnable kick) {
    this.threads = threads;
    this.kick = kick;
    this.budget = new ProbeBudget(threads.nanos());
  }

  ProbeBudget budget() {
    return budget;
  }

  void add(PolledDevice device) {
    devices.add(device);
  }

  void remove(PolledDevice device) {
    devices.remove(device);
  }

  void write(Turn<?> turn) {
    writes.addLast(turn);
  }

  void visit(Turn<?> turn) {
    visits.addLast(new Visit(turn, threads.nanos() + VISIT_NANOS));
  }

  /** Whether a turn waits. */
  boolean turnWaits() {
    return !writes.isEmpty() || !visits.isEmpty();
  }

  /** Takes every turn that waits. */
  List<Turn<?>> takeTurns() {
    List<Turn<?>> turns = new ArrayList<>(writes);
    visits.forEach(visit -> turns.add(visit.turn));
    writes.clear();
    visits.clear();
    return turns;
  }

  /**
   * How long nobody wants the bus, in nanoseconds: zero or less when somebody does now, MAX_VALUE
   * for ever.
   */
  long waitNanos(long now) {
    if (turnWaits()) {
      return 0;
    }
    look(now);
    return probe != null || poll != null ? 0 : waitNanos;
  }

  /** Takes what is to be done now; null when nothing is. */
  @Nullable Task next(long now) {
    Turn<?> write = writes.pollFirst();
    if (write != null) {
      return write;
    }
    look(now);
    PolledDevice tried = probe;
    PollGroup group = tried == null ? null : tried.probed();
    if (tried != null && group != null) {
      Permits permits = group.async() == null ? threads.probes() : null;
      if (permits == null || permits.tryTake(kick)) {
        return new Cycle(tried, group, Cycle.Kind.PROBE, new PollGroup.Start(-1, 0, now), permits);
      }
    }
    Visit visit = visits.peekFirst();
    PolledDevice device = poll;
    PollGroup due = pollGroup;
    if (visit != null && (due == null || visit.deadlineNanos - due.deadlineNanos() < 0)) {
      visits.removeFirst();
      return visit.turn;
    }
    return device == null || due == null ? null : cycle(device, due, now);
  }

  private @Nullable Task cycle(PolledDevice device, PollGroup group, long now) {
    Cycle.Kind kind = kind(device.standing(), group);
    Permits permits = kind == Cycle.Kind.FIRST && group.async() == null ? threads.firsts() : null;
    if (permits != null && !permits.tryTake(kick)) {
      return null;
    }
    return new Cycle(device, group, kind, group.start(now), permits);
  }

  private static Cycle.Kind kind(Standing standing, PollGroup group) {
    if (!group.readable()) {
      return Cycle.Kind.NOTE;
    }
    return switch (standing) {
      case UNKNOWN -> Cycle.Kind.FIRST;
      case HERE, DOUBTED -> Cycle.Kind.POLL;
      default -> Cycle.Kind.NOTE;
    };
  }

  /** Finds who comes next among the devices, or how long nobody does. */
  private void look(long now) {
    probe = null;
    poll = null;
    pollGroup = null;
    waitNanos = Long.MAX_VALUE;
    boolean shared = someoneIsHere();
    long untilProbe = shared ? budget.untilProbe(now) : 0;
    long untilFirst = shared ? budget.untilFirst(now) : 0;
    for (PolledDevice device : devices) {
      Standing standing = device.standing();
      if (standing == Standing.GONE) {
        continue;
      }
      if (standing == Standing.AWAY) {
        lookAtProbe(device, now, untilProbe);
      }
      for (PollGroup group : device.groups()) {
        boolean first = kind(standing, group) == Cycle.Kind.FIRST;
        boolean unsure = first || standing == Standing.DOUBTED;
        lookAtGroup(device, group, now, unsure ? untilFirst : Long.MIN_VALUE, first);
      }
    }
  }

  private boolean someoneIsHere() {
    for (PolledDevice device : devices) {
      if (device.standing() == Standing.HERE) {
        return true;
      }
    }
    return false;
  }

  private void lookAtProbe(PolledDevice device, long now, long untilAllowed) {
    PollGroup group = device.probed();
    if (group == null) {
      return;
    }
    long until = Math.max(device.nextProbeNanos() - now, untilAllowed);
    if (until > 0) {
      waitNanos = Math.min(waitNanos, until);
    } else if (group.async() == null && !threads.probes().available(kick)) {
      waitNanos = Math.min(waitNanos, NO_PERMIT_NANOS);
    } else if (probe == null || device.nextProbeNanos() - probe.nextProbeNanos() < 0) {
      probe = device;
    }
  }

  private void lookAtGroup(
      PolledDevice device, PollGroup group, long now, long untilAllowed, boolean first) {
    long until = Math.max(group.dueNanos() - now, untilAllowed);
    PollGroup best = pollGroup;
    if (until > 0) {
      waitNanos = Math.min(waitNanos, until);
    } else if (first && group.async() == null && !threads.firsts().available(kick)) {
      waitNanos = Math.min(waitNanos, NO_PERMIT_NANOS);
    } else if (best == null || group.deadlineNanos() - best.deadlineNanos() < 0) {
      poll = device;
      pollGroup = group;
    }
  }
}
