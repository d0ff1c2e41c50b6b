package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The points of one device that share a period: their plan, and when it is due. The phase is kept:
 * a cycle that comes late does not shift those after it, and periods that were missed are merged
 * into one cycle and counted.
 */
final class PollGroup {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<PointDefinition> points;
  private final long periodNanos;
  private final BatchSink sink;
  private final Map<Integer, String> unusable = new TreeMap<>();
  private final @Nullable ReadPlan plan;
  // Written on the lane only, read by whoever looks when the lane is due.
  private volatile long dueNanos;

  /**
   * Compiles the plan.
   *
   * @param errors takes a message for each point that cannot be read: {@code file:line: ...}
   * @param firstDueNanos when the first cycle is due
   */
  PollGroup(
      Device device,
      List<PointDefinition> points,
      Duration period,
      Consumer<String> errors,
      long firstDueNanos) {
    this.points = List.copyOf(points);
    this.periodNanos = period.toNanos();
    this.dueNanos = firstDueNanos;
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

  /** Points that the plan reads. */
  int usable() {
    return points.size() - unusable.size();
  }

  boolean readable() {
    return plan != null;
  }

  long dueNanos() {
    return dueNanos;
  }

  /**
   * By when the cycle that is due should begin: within its period, and within {@link
   * #PATIENCE_NANOS} if that is longer, or a bus that is busy would put off a daily value for a
   * day.
   */
  long deadlineNanos() {
    return dueNanos + Math.min(periodNanos, PATIENCE_NANOS);
  }

  long periodNanos() {
    return periodNanos;
  }

  /** Makes the group due now, once, without shifting its phase. */
  void dueNow(long now) {
    long due = dueNanos;
    if (due - now > 0) {
      dueNanos = due - ((due - now) / periodNanos + 1) * periodNanos;
    }
  }

  /**
   * Moves on to the next cycle.
   *
   * @return how many periods were missed
   */
  long advance(long now) {
    long due = dueNanos;
    long missed = Math.max(0, (now - due) / periodNanos);
    dueNanos = due + (missed + 1) * periodNanos;
    return missed;
  }

  /** Reads the plan once into the sink. */
  void read(Deadline deadline) throws DriverException {
    sink.clear();
    if (plan != null) {
      plan.read(sink, deadline);
    }
  }

  /** Samples of the cycle that was read. */
  List<Sample> samples(Instant now, @Nullable String otherwise) {
    unusable.forEach(sink::bad);
    return sink.samples(now, otherwise);
  }

  /** Samples of a cycle in which nothing was read. */
  List<Sample> away(Instant now, String reason) {
    sink.clear();
    return samples(now, reason);
  }
}
