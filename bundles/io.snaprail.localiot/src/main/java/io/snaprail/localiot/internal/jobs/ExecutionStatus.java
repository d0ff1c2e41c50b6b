package io.snaprail.localiot.internal.jobs;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** State of one thing's execution of a job (developer guide, "Jobs and job execution states"). */
public enum ExecutionStatus {
  /** The thing has not begun. */
  QUEUED,
  /** The thing works on it. */
  IN_PROGRESS,
  /** The thing has done it. */
  SUCCEEDED,
  /** The thing has tried and could not. */
  FAILED,
  /** The thing took too long. */
  TIMED_OUT,
  /** The thing will not. */
  REJECTED,
  /** The thing is no target any more. */
  REMOVED,
  /** Somebody has called it off. */
  CANCELED;

  private static final Set<ExecutionStatus> BY_DEVICE =
      EnumSet.of(IN_PROGRESS, SUCCEEDED, FAILED, REJECTED);

  /** Whether nothing follows. */
  public boolean terminal() {
    return this != QUEUED && this != IN_PROGRESS;
  }

  /** Whether a device may say so. */
  boolean byDevice() {
    return BY_DEVICE.contains(this);
  }

  static Optional<ExecutionStatus> of(String name) {
    try {
      return name.equals(name.toUpperCase(Locale.ROOT))
          ? Optional.of(valueOf(name))
          : Optional.empty();
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }
}
