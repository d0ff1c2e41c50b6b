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

  /** Makes use of its result, on a worker, once it is over. */
  void end();

  /** Whether it uses the bus, or only the lane. */
  boolean usesBus();

  /** Tells what it was, once it has ended. Under the lock of the lane. */
  void account(BusMeter meter, ProbeBudget budget);
}
