package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device on its lane: reads it when its groups are due, tries it with back-off while it is away,
 * and makes a fresh sample of every point in every period even then.
 *
 * <p>Threads: everything runs on the lane, one task at a time; what others may read is volatile.
 */
public final class PolledDevice {
  private static final Logger LOG = LoggerFactory.getLogger(PolledDevice.class);

  /** A dead device may use one part in twenty of a bus that it shares. */
  private static final int PROBE_SHARE = 20;

  /**
   * What the poller needs to know of a device.
   *
   * @param name unique on the gateway
   * @param timeout longest a read or write may take
   * @param backoffMin first pause while it is away
   * @param backoffMax longest pause while it is away
   * @param sequence the last cycle's number; survives the device's reconfiguration
   */
  public record Settings(
      String name,
      Duration timeout,
      Duration backoffMin,
      Duration backoffMax,
      AtomicLong sequence) {}

  /** Takes what comes of a device; never blocks. */
  public interface Events {
    /** A cycle has ended. */
    void batch(SampleBatch batch);

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

  private final Device device;
  private final Settings settings;
  private final Events events;
  private final Clock clock;
  private final Backoff backoff;
  private final List<PollGroup> groups = new ArrayList<>();
  private final AtomicLong cycles = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private volatile Health health = new Health(false, false, "", null, Duration.ZERO);
  private volatile boolean removed;
  private volatile boolean alone = true;
  private volatile @Nullable Deadline calling;
  private long nextProbeNanos;

  /**
   * Compiles the points.
   *
   * @param errors takes a message for each point that cannot be used
   */
  PolledDevice(
      Device device,
      Settings settings,
      List<PointGroup> points,
      Events events,
      Clock clock,
      Consumer<String> errors) {
    this.device = device;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    this.backoff =
        new Backoff(
            settings.backoffMin(),
            settings.backoffMax(),
            () -> ThreadLocalRandom.current().nextDouble());
    long now = System.nanoTime();
    for (PointGroup group : points) {
      groups.add(new PollGroup(device, group.points(), group.period(), errors, now));
    }
  }

  /** Points of one period. */
  public record PointGroup(Duration period, List<PointDefinition> points) {}

  // ---- for the lane ----

  @Nullable PollGroup due(long now) {
    PollGroup earliest = null;
    for (PollGroup group : groups) {
      if (group.dueNanos() - now <= 0
          && (earliest == null || group.deadlineNanos() - earliest.deadlineNanos() < 0)) {
        earliest = group;
      }
    }
    return earliest;
  }

  /** By when what is due should begin. */
  long deadlineNanos(long now) {
    PollGroup group = due(now);
    return group == null ? now : group.deadlineNanos();
  }

  /** Nanoseconds until something is due; zero or less when it is now, MAX_VALUE for never. */
  long untilDue(long now) {
    long next = Long.MAX_VALUE;
    for (PollGroup group : groups) {
      next = Math.min(next, group.dueNanos() - now);
    }
    return next;
  }

  /** The task that is due, taken off the schedule. */
  Runnable takeDue(long now) {
    PollGroup group = due(now);
    if (group == null) {
      throw new IllegalStateException("device " + settings.name() + " has nothing due");
    }
    missed.addAndGet(group.advance(now));
    return () -> cycle(group);
  }

  void shared(boolean shared) {
    alone = !shared;
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

  private void cycle(PollGroup group) {
    if (removed) {
      return;
    }
    Health before = health;
    if (before.known() && !before.online() && System.nanoTime() - nextProbeNanos < 0) {
      emit(group.away(clock.instant(), before.message()));
      return;
    }
    if (!group.readable()) {
      emit(group.away(clock.instant(), "no point of this period can be read"));
      return;
    }
    long start = System.nanoTime();
    String fault = read(group);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (removed) {
      return;
    }
    Instant now = clock.instant();
    if (fault == null) {
      backoff.reset();
      becomes(new Health(true, true, "", now, took));
    } else {
      failures.incrementAndGet();
      nextProbeNanos = System.nanoTime() + pauseNanos(took);
      becomes(new Health(true, false, fault, before.lastAnswer(), took));
    }
    emit(group.samples(now, fault));
  }

  /** Null when the driver ended well, else why not. */
  private @Nullable String read(PollGroup group) {
    Deadline deadline = Deadline.in(settings.timeout());
    calling = deadline;
    try {
      group.read(deadline);
      return null;
    } catch (DriverException e) {
      return messageOf(e);
    } catch (Throwable e) {
      if (health.online() || !health.known()) {
        LOG.error("Device {}: the driver failed in a way it does not declare", settings.name(), e);
      }
      return "the driver failed: " + e;
    } finally {
      calling = null;
    }
  }

  private long pauseNanos(Duration probe) {
    long pause = backoff.nextNanos();
    return alone ? pause : Math.max(pause, probe.toNanos() * (PROBE_SHARE - 1));
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

  private void emit(List<Sample> samples) {
    cycles.incrementAndGet();
    events.batch(
        new SampleBatch(
            settings.name(), settings.sequence().incrementAndGet(), clock.instant(), samples));
  }

  private static String messageOf(DriverException e) {
    String message = e.getMessage();
    return message == null || message.isEmpty() ? e.toString() : message;
  }

  /** Writes a point; call it on the lane only. */
  void write(PointDefinition point, Value raw) throws DriverException {
    if (removed) {
      throw DriverException.unreachable("device '" + settings.name() + "' has gone", null);
    }
    Deadline deadline = Deadline.in(settings.timeout());
    calling = deadline;
    try {
      device.write(point, raw, deadline);
    } finally {
      calling = null;
    }
    long now = System.nanoTime();
    for (PollGroup group : groups) {
      if (group.points().contains(point)) {
        group.dueNow(now);
      }
    }
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

  /** Points that the driver accepted. */
  public int usablePoints() {
    return groups.stream().mapToInt(PollGroup::usable).sum();
  }
}
