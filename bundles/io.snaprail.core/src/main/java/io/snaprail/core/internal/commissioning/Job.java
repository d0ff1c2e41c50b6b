package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.DriverException;

/** What a run does, on its own thread. */
@FunctionalInterface
interface Job {
  /**
   * Does it to its end.
   *
   * @throws InterruptedException when the run was ended
   */
  void run(ActiveRun run) throws DriverException, InterruptedException;
}
