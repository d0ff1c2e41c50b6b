package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The points of one device that share a period: their plan, and when it is due. The first cycle is
 * due at once, those after it on the grid of the group's period. A cycle that comes late does not
 * shift those after it, and periods that were missed are merged into one cycle and counted.
 */
final class PollGroup {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<PointDefinition> points;
  private final long periodNanos;
  private final long gridNanos;
  private final BatchSink sink;
  private final Map<Integer, String> unusable = new TreeMap<>();
  private final @Nullable ReadPlan plan;
  private long dueNanos;

  private boolean first = true;

  /** Whether it is due out of turn. */
  private boolean prompted;

  /**
   * How a cycle begins.
   *
   * @param lateNanos how long after the first of the periods it stands for began; negative when it
   *     came out of turn
   * @param missed how many periods before were merged into it
   * @param endByNanos when its period is over
   */
  record Start(long lateNanos, long missed, long endByNanos) {}

  /**
   * Compiles the plan.
   *
   * @param errors takes a message for each point that cannot be read: {@code file:line: ...}
   * @param phase when the first cycle and those after it are due
   */
  PollGroup(Device device, PolledDevice.PointGroup group, Consumer<String> errors, Phase phase) {
    this.points = List.copyOf(group.points());
    this.periodNanos = group.period().toNanos();
    this.gridNanos = phase.gridNanos(periodNanos);
    this.dueNanos = phase.nowNanos();
    this.sink = new BatchSink(points);
    this.plan = compile(device, errors);
  }

  private @Nullable ReadPlan compile(Device device, Consumer<String> errors) {
    try {
      ReadPlan compiled = device.compile(points, unusable::put);
      unusable.forEach((index, message) -> errors.accept(place(points.get(index)) + message));
      return unusable.size() == points.size() ? null : compiled;
    } catch (RuntimeException | LinkageError e) {
      String message = "the driver failed on these points: " + e;
      for (int i = 0; i < points.size(); i++) {
        unusable.put(i, message);
      }
      errors.accept(place(points.get(0)) + message);
      return null;
    }
  }

  static String place(PointDefinition point) {
    return point.origin() + ": point '" + point.name() + "': ";
  }

  List<PointDefinition> points() {
    return points;
  }

  /** What reads them; null when nothing can be read. */
  @Nullable ReadPlan plan() {
    return plan;
  }

  /** Points that the plan reads. */
  int usable() {
    return points.size() - unusable.size();
  }

  boolean readable() {
    return plan != null;
  }

  /** The plan when it waits without a thread, else null. */
  @Nullable AsyncReadPlan async() {
    return plan instanceof AsyncReadPlan async ? async : null;
  }

  long dueNanos() {
    return dueNanos;
  }

  /**
   * By when the cycle that is due should begin: within its period, and within {@link
   * #PATIENCE_NANOS} if that is shorter, or a bus that is busy would put off a daily value for a
   * day.
   */
  long deadlineNanos() {
    return dueNanos + Math.min(periodNanos, PATIENCE_NANOS);
  }

  /** Makes the group due at that time at the latest, once, without shifting its phase. */
  void dueBy(long latest) {
    if (dueNanos - latest > 0) {
      dueNanos = latest;
      prompted = true;
    }
  }

  /** Takes what is due, and moves on to the next cycle. */
  Start start(long now) {
    long due = dueNanos;
    boolean inTurn = !prompted;
    prompted = false;
    long periods = Math.floorDiv(now - gridNanos, periodNanos);
    long next = gridNanos + (periods + 1) * periodNanos;
    long missed = Math.max(0, (now - due) / periodNanos);
    dueNanos = next;
    long endBy = first ? due + (missed + 1) * periodNanos : next;
    first = false;
    return new Start(inTurn ? now - due : -1, missed, endBy);
  }

  /** Where the next cycle puts down what it reads. */
  BatchSink sink() {
    sink.clear();
    return sink;
  }

  /** Reads the plan once into the sink, on this thread. */
  void read(Deadline deadline) throws DriverException {
    sink.clear();
    if (plan != null) {
      plan.read(sink, deadline);
    }
  }

  /** Samples of the cycle that was read. */
  List<Sample> samples(Instant now, @Nullable String otherwise) {
    if (!unusable.isEmpty()) {
      unusable.forEach(sink::bad);
    }
    return sink.samples(now, otherwise);
  }

  /** Samples of a cycle in which nothing was read. */
  List<Sample> away(Instant now, String reason) {
    sink.clear();
    return samples(now, reason);
  }
}
