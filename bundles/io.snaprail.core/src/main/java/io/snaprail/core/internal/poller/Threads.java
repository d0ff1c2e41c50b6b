package io.snaprail.core.internal.poller;

import java.util.concurrent.Future;

/** What lanes run on: workers, a timer, and monotonic time. Safe for any thread. */
interface Threads {
  /** Runs a task on a worker, as soon as one is free. */
  void execute(Runnable task);

  /** Runs a short task after a time; cancel it to take it back. */
  Future<?> alarm(Runnable task, long delayNanos);

  /** Monotonic time. */
  long nanos();

  /** Who may hold a worker while nobody knows whether its device is there. */
  Permits firsts();

  /** Who may hold a worker for a device that is away. */
  Permits probes();
}
