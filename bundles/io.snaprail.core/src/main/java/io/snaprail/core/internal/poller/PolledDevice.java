package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device on its lane: reads it when its groups are due, tries it with back-off while it is away,
 * and makes a fresh sample of every point in every period even then.
 *
 * <p>One answer that is lost, as on a line with noise, does not make a device away: the samples are
 * bad and it is asked again, soon if its period is long. Away it is after {@value #LOST} failures
 * in a row; at once when it was never there, or when trying again cannot help.
 *
 * <p>Threads: everything runs on the lane, one task at a time; what others may read is volatile.
 */
public final class PolledDevice {
  private static final Logger LOG = LoggerFactory.getLogger(PolledDevice.class);

  /** Failures in a row after which a device that was there is away. */
  static final int LOST = 3;

  /**
   * What the poller needs to know of a device.
   *
   * @param name unique on the gateway
   * @param timeout longest a read or write may take
   * @param backoffMin first pause while it is away
   * @param backoffMax longest pause while it is away
   * @param readBack whether points are read back when they were written
   * @param sequence the last batch's number; survives the device's reconfiguration
   */
  public record Settings(
      String name,
      Duration timeout,
      Duration backoffMin,
      Duration backoffMax,
      boolean readBack,
      AtomicLong sequence) {}

  /** Takes what comes of a device; never blocks. */
  public interface Events {
    /**
     * A cycle has ended.
     *
     * @param group which of the groups that were given, from 0
     */
    void batch(int group, SampleBatch batch);

    /** The device went away or came back; the message says why and is empty when it is there. */
    void state(boolean online, String message);
  }

  /**
   * How the device is now.
   *
   * @param message why it is away; empty when it is not
   * @param lastAnswer null before the first
   */
  public record Health(
      boolean known,
      boolean online,
      String message,
      @Nullable Instant lastAnswer,
      Duration lastRead) {}

  /** Points of one period. */
  public record PointGroup(Duration period, List<PointDefinition> points) {}

  /** What every device of a poller has in common. */
  record Surroundings(Clock clock, Threads threads, long originNanos) {}

  private final Device device;
  private final Settings settings;
  private final Events events;
  private final Clock clock;
  private final Threads threads;
  private final Backoff backoff;
  private final ReadBacks readBacks;
  private final AsyncRead.Strictness strictness;
  private final List<PollGroup> groups;
  private final @Nullable PollGroup probed;
  private final AtomicLong cycles = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private volatile Health health = new Health(false, false, "", null, Duration.ZERO);
  private volatile boolean removed;
  private volatile @Nullable Deadline calling;
  private volatile @Nullable AsyncRead pending;
  private long nextProbeNanos;

  /** Since it answered last. */
  private int failuresInRow;

  /** A device whose points are compiled; the groups come with the shortest period first. */
  PolledDevice(
      Device device,
      Settings settings,
      List<PollGroup> groups,
      Events events,
      Surroundings surroundings) {
    this.device = device;
    this.settings = settings;
    this.events = events;
    this.clock = surroundings.clock();
    this.threads = surroundings.threads();
    this.backoff =
        new Backoff(
            settings.backoffMin(),
            settings.backoffMax(),
            () -> ThreadLocalRandom.current().nextDouble());
    this.readBacks = new ReadBacks(device);
    this.strictness = new AsyncRead.Strictness(settings.name());
    this.groups = List.copyOf(groups);
    this.probed = groups.stream().filter(PollGroup::readable).findFirst().orElse(null);
  }

  // ---- for the lane ----

  Standing standing() {
    if (removed) {
      return Standing.GONE;
    }
    Health now = health;
    if (!now.known()) {
      return Standing.UNKNOWN;
    }
    Standing there = failuresInRow == 0 ? Standing.HERE : Standing.DOUBTED;
    return now.online() ? there : Standing.AWAY;
  }

  /** Its groups, of which any may be due. */
  List<PollGroup> groups() {
    return groups;
  }

  /** What is read to find out whether it is back; null when none of its points can be read. */
  @Nullable PollGroup probed() {
    return probed;
  }

  /** From when it may be tried again while it is away. */
  long nextProbeNanos() {
    return nextProbeNanos;
  }

  void remove() {
    removed = true;
  }

  /** Whether a call into the driver runs now. */
  boolean inside() {
    return calling != null;
  }

  /** Whether a call into the driver runs now that should have ended the given time ago. */
  boolean overdue(Duration grace) {
    Deadline deadline = calling;
    return deadline != null && deadline.remainingNanos() + grace.toNanos() < 0;
  }

  /** Ends a read that no thread waits for, and that its driver, which has gone, will never end. */
  void abandon() {
    AsyncRead read = pending;
    if (removed && read != null) {
      read.abandon(DriverException.noAnswer("the driver has gone", null));
    }
  }

  String name() {
    return settings.name();
  }

  Device device() {
    return device;
  }

  Duration timeout() {
    return settings.timeout();
  }

  // ---- on the lane ----

  /** Begins a cycle; whether it is over already. */
  boolean begin(Cycle cycle, Runnable resume) {
    if (removed || cycle.kind() == Cycle.Kind.NOTE) {
      return true;
    }
    Deadline deadline = Deadline.in(settings.timeout());
    calling = deadline;
    cycle.began(threads.nanos());
    AsyncReadPlan plan = cycle.group().async();
    if (plan == null) {
      Throwable failure = read(cycle.group(), deadline);
      cycle.ended(threads.nanos(), failure);
      return true;
    }
    AsyncRead read = new AsyncRead(cycle.group().sink(), threads::nanos, resume, strictness);
    pending = read;
    return read.begin(plan, deadline);
  }

  /** Null when the driver ended well, else why not. */
  private static @Nullable Throwable read(PollGroup group, Deadline deadline) {
    try {
      group.read(deadline);
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  /** Makes samples of a cycle that is over. */
  void end(Cycle cycle) {
    AsyncRead read = pending;
    if (read != null) {
      AsyncRead.Outcome outcome = read.outcome();
      if (outcome != null) {
        cycle.ended(outcome.nanos(), outcome.failure());
      }
      pending = null;
    }
    calling = null;
    missed.addAndGet(cycle.missedPeriods());
    if (removed) {
      return;
    }
    if (cycle.used()) {
      judge(cycle);
    } else {
      String why =
          cycle.group().readable() ? health.message() : "no point of this period can be read";
      emit(cycle.group(), cycle.group().away(clock.instant(), why));
    }
  }

  /** Whether a device that was here has answered. */
  boolean answered() {
    return pending != null && pending.answered() && health.online();
  }

  private void judge(Cycle cycle) {
    if (cycle.deadlineMissed()) {
      late.incrementAndGet();
    }
    Health before = health;
    Duration took = Duration.ofNanos(cycle.tookNanos());
    Instant now = clock.instant();
    Throwable failure = cycle.failure();
    if (failure == null) {
      failuresInRow = 0;
      backoff.reset();
      becomes(new Health(true, true, "", now, took));
      emit(cycle.group(), cycle.group().samples(now, null));
      if (before.known() && !before.online()) {
        // What was not read while it was away is not to wait for its turn, which may be a day.
        groups.stream()
            .filter(group -> group != cycle.group())
            .forEach(group -> group.dueBy(cycle.endNanos()));
      }
      return;
    }
    ReadFault fault = new ReadFault(failure);
    if (!fault.declared() && (before.online() || !before.known())) {
      LOG.error(
          "Device {}: the driver failed in a way it does not declare", settings.name(), failure);
    }
    failures.incrementAndGet();
    failuresInRow++;
    if (before.online() && failuresInRow < LOST && fault.mayPass()) {
      cycle.group().dueBy(cycle.endNanos() + settings.backoffMin().toNanos());
      becomes(new Health(true, true, "", before.lastAnswer(), took));
      emit(cycle.group(), cycle.group().samples(now, fault.message()));
      return;
    }
    nextProbeNanos = cycle.endNanos() + backoff.nextNanos();
    becomes(new Health(true, false, fault.message(), before.lastAnswer(), took));
    if (cycle.kind() == Cycle.Kind.PROBE) {
      cycles.incrementAndGet();
    } else {
      emit(cycle.group(), cycle.group().samples(now, fault.message()));
    }
  }

  private void becomes(Health now) {
    Health before = health;
    health = now;
    if (!before.known()
        || before.online() != now.online()
        || !before.message().equals(now.message())) {
      events.state(now.online(), now.message());
    }
  }

  private void emit(PollGroup group, List<Sample> samples) {
    cycles.incrementAndGet();
    events.batch(
        groups.indexOf(group),
        new SampleBatch(
            settings.name(), settings.sequence().incrementAndGet(), clock.instant(), samples));
  }

  private void checkThere() throws DriverException {
    if (removed) {
      throw DriverException.unreachable("device '" + settings.name() + "' has gone", null);
    }
  }

  /** Reads points once, beside what is polled; call it on the lane only. */
  List<Sample> read(List<PointDefinition> points) throws DriverException {
    checkThere();
    TrialRead once = new TrialRead(device, points, settings.timeout());
    try {
      Deadline deadline = Deadline.in(settings.timeout());
      calling = deadline;
      return once.read(deadline, clock).samples();
    } finally {
      calling = null;
    }
  }

  /** Writes a point, and reads it back if that is wanted; call it on the lane only. */
  Written write(PointDefinition point, Value raw, boolean readBack) throws DriverException {
    checkThere();
    Written written = new Written.Confirmed();
    try {
      Deadline deadline = Deadline.in(settings.timeout());
      calling = deadline;
      device.write(point, raw, deadline);
      if ((readBack || settings.readBack()) && point.access().readable()) {
        Deadline again = Deadline.in(settings.timeout());
        calling = again;
        written = readBacks.check(point, raw, again);
      }
    } finally {
      calling = null;
    }
    long now = threads.nanos();
    for (PollGroup group : groups) {
      if (group.points().contains(point)) {
        group.dueBy(now);
      }
    }
    return written;
  }

  // ---- for everyone ----

  /** How the device is now. */
  public Health health() {
    return health;
  }

  /** Cycles so far. */
  public long cycles() {
    return cycles.get();
  }

  /** Cycles in which the device could not be read. */
  public long failedCycles() {
    return failures.get();
  }

  /** Periods merged because the bus was busy. */
  public long missedPeriods() {
    return missed.get();
  }

  /** Cycles that had not ended when their period was over. */
  public long deadlineMisses() {
    return late.get();
  }

  /** The plans in use. */
  public List<ReadPlan> plans() {
    return groups.stream().map(PollGroup::plan).filter(Objects::nonNull).toList();
  }

  /** Points that the driver accepted. */
  public int usablePoints() {
    return groups.stream().mapToInt(PollGroup::usable).sum();
  }
}
