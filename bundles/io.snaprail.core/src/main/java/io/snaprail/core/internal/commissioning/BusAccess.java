package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.ToolRun;
import java.util.concurrent.CompletableFuture;

/** The way to the lanes of the poller. */
@FunctionalInterface
interface BusAccess {
  /**
   * Queues a task that is done alone on a bus; the bus may be one that nobody polls.
   *
   * @return completes with what the task gives, or a {@link
   *     io.snaprail.api.driver.DriverException}; cancelling it tells whether it had not begun
   */
  <T> CompletableFuture<T> onBus(String bus, ToolRun.BusTask<T> task);
}
