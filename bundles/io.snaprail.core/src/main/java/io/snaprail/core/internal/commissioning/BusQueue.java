package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun.BusTask;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits until a task was done on a bus, and not for ever.
 *
 * @param access the lanes
 * @param patience how long a bus may be busy
 */
record BusQueue(BusAccess access, Duration patience) {
  /**
   * Longest that a task of a tool may take once it has begun: far above any time-out of its own.
   */
  static final long USUAL_TASK_NANOS = Duration.ofSeconds(60).toNanos();

  <T> T run(String bus, BusTask<T> task, long longestNanos)
      throws DriverException, InterruptedException {
    CompletableFuture<T> result = access.onBus(bus, task);
    try {
      try {
        return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (result.cancel(false)) {
          throw DriverException.unreachable(
              bus
                  + " did not become free within "
                  + patience.toSeconds()
                  + " s: its devices use it all the time; switch some off, or raise their periods",
              e);
        }
        return result.get(longestNanos, TimeUnit.NANOSECONDS);
      }
    } catch (TimeoutException e) {
      throw DriverException.noAnswer(
          "the driver has not ended its work on " + bus + " in time; try again, and tell its maker",
          e);
    } catch (CancellationException e) {
      throw DriverException.unreachable(bus + " is gone: the gateway stops", e);
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      result.cancel(false);
      throw e;
    }
  }

  /** What the task threw. */
  private static DriverException failure(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof DriverException declared) {
      return declared;
    }
    return DriverException.wrongAnswer("the driver failed: " + cause, cause);
  }
}
