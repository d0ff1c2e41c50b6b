package io.snaprail.localiot.internal.jobs;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing's execution of a job. Immutable.
 *
 * @param thing its name
 * @param status how far it is
 * @param details what the thing says about it, at most 10 pairs
 * @param version 1 when queued, and one more with each change
 * @param times when
 */
public record JobExecution(
    String thing, ExecutionStatus status, Map<String, String> details, long version, Times times) {

  /** Copies the map. */
  public JobExecution {
    details = java.util.Collections.unmodifiableMap(new TreeMap<>(details));
  }

  /**
   * When, in seconds since 1970. Ends are kept on disk and survive a restart, so they are wall
   * clock.
   *
   * @param queuedAt when it was made
   * @param startedAt when the thing began; null before
   * @param lastUpdatedAt when it changed last
   * @param stepEnd when the step timer ends; null for none
   * @param end when the whole execution has to be done; null for never
   */
  public record Times(
      long queuedAt,
      @Nullable Long startedAt,
      long lastUpdatedAt,
      @Nullable Long stepEnd,
      @Nullable Long end) {}

  static JobExecution queued(String thing, long now) {
    return new JobExecution(
        thing, ExecutionStatus.QUEUED, Map.of(), 1, new Times(now, null, now, null, null));
  }

  /** Whether a timer has ended. */
  boolean overdue(long now) {
    Long end = nextEnd();
    return status == ExecutionStatus.IN_PROGRESS && end != null && end <= now;
  }

  /** The timer that ends first; null for none. */
  @Nullable Long nextEnd() {
    Long step = times.stepEnd();
    Long end = times.end();
    if (step == null || end == null) {
      return step == null ? end : step;
    }
    return Math.min(step, end);
  }

  /** In another state; timers end with a terminal one. */
  JobExecution to(ExecutionStatus next, long now) {
    Long started = times.startedAt();
    if (started == null && next == ExecutionStatus.IN_PROGRESS) {
      started = now;
    }
    Times changed =
        next.terminal()
            ? new Times(times.queuedAt(), started, now, null, null)
            : new Times(times.queuedAt(), started, now, times.stepEnd(), times.end());
    return new JobExecution(thing, next, details, version + 1, changed);
  }

  /** With other details. */
  JobExecution withDetails(Map<String, String> told) {
    return new JobExecution(thing, status, told, version, times);
  }

  /** With another step timer. */
  JobExecution withStepEnd(@Nullable Long end) {
    return new JobExecution(
        thing,
        status,
        details,
        version,
        new Times(times.queuedAt(), times.startedAt(), times.lastUpdatedAt(), end, times.end()));
  }

  /** With another end of the whole. */
  JobExecution withEnd(@Nullable Long end) {
    return new JobExecution(
        thing,
        status,
        details,
        version,
        new Times(
            times.queuedAt(), times.startedAt(), times.lastUpdatedAt(), times.stepEnd(), end));
  }
}
