package io.snaprail.core.internal.poller;

/** What a lane does: one at a time, from the beginning of one to the end of it. */
interface Task {
  /**
   * Begins it, on a worker.
   *
   * @param resume is run once, by any thread, when a task that went on without a worker is over
   * @return whether it is over already
   */
  boolean begin(Runnable resume);

  /** Makes use of its result, once it is over: on a worker, or where it {@link #endsAtOnce()}. */
  void end();

  /** Whether the end of what is over takes no time worth a worker, and fails for nobody. */
  boolean endsAtOnce();

  /** Whether it uses the bus, or only the lane. */
  boolean usesBus();

  /** Tells what it was, once it has ended. Under the lock of the lane. */
  void account(BusMeter meter, ProbeBudget budget);
}
