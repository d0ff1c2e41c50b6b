package io.snaprail.core.internal.poller;

import org.jspecify.annotations.Nullable;

/** One cycle of one group of a device: what is to be done, and how it went. For the lane only. */
final class Cycle implements Task {
  /** What a cycle is. */
  enum Kind {
    /** Nobody asks the device: its samples say why they are BAD. */
    NOTE,
    /** A read of a device that answered last time. */
    POLL,
    /** The first read of a device that nobody has seen yet. */
    FIRST,
    /** A try whether a device that is away is back. */
    PROBE
  }

  private final PolledDevice device;
  private final PollGroup group;
  private final Kind kind;
  private final long missedPeriods;

  /** How late it begins; negative when that does not count. */
  private final long lateNanos;

  /** When its period is over. */
  private final long endByNanos;

  private final @Nullable Permits held;

  private long startNanos;
  private long endNanos;
  private boolean used;
  private @Nullable Throwable failure;

  /**
   * A cycle that begins now.
   *
   * @param start when, and what came of its waiting
   * @param held what it gives back once it has ended
   */
  Cycle(
      PolledDevice device,
      PollGroup group,
      Kind kind,
      PollGroup.Start start,
      @Nullable Permits held) {
    this.device = device;
    this.group = group;
    this.kind = kind;
    this.missedPeriods = start.missed();
    this.lateNanos = start.lateNanos();
    this.endByNanos = start.endByNanos();
    this.held = held;
  }

  PollGroup group() {
    return group;
  }

  long missedPeriods() {
    return missedPeriods;
  }

  Kind kind() {
    return kind;
  }

  /** The device is asked from now on. */
  void began(long nanos) {
    used = true;
    startNanos = nanos;
  }

  /**
   * The device was asked until then.
   *
   * @param why why it could not be read; null when it could
   */
  void ended(long nanos, @Nullable Throwable why) {
    endNanos = nanos;
    failure = why;
  }

  /** Whether the device was asked. */
  boolean used() {
    return used;
  }

  long endNanos() {
    return endNanos;
  }

  long tookNanos() {
    return endNanos - startNanos;
  }

  /** Why the device could not be read; null when it could. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Whether it had not ended when its period was over. */
  boolean deadlineMissed() {
    return lateNanos >= 0 && endNanos - endByNanos > 0;
  }

  @Override
  public boolean begin(Runnable resume) {
    return device.begin(this, resume);
  }

  @Override
  public void end() {
    try {
      device.end(this);
    } finally {
      if (held != null) {
        held.giveBack();
      }
    }
  }

  @Override
  public boolean endsAtOnce() {
    return kind == Kind.POLL && held == null && device.answered();
  }

  @Override
  public boolean usesBus() {
    return kind != Kind.NOTE;
  }

  @Override
  public void account(BusMeter meter, ProbeBudget budget) {
    meter.missed(missedPeriods);
    if (!used) {
      return;
    }
    boolean failed = failure != null;
    meter.read(startNanos, endNanos, failed);
    if (lateNanos >= 0) {
      meter.punctuality(lateNanos, deadlineMissed(), endNanos);
    }
    if (failed) {
      budget.spent(startNanos, endNanos);
    }
  }
}
