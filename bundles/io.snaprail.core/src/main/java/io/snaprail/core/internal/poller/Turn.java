package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something that waits for its turn on a lane, and is done once. Whoever comes first wins: it is
 * begun, cancelled or refused.
 */
final class Turn<T> implements Runnable {
  private final ToolRun.BusTask<T> task;
  private final AtomicBoolean begun = new AtomicBoolean();

  private final CompletableFuture<T> done =
      new CompletableFuture<>() {
        @Override
        public boolean cancel(boolean mayInterrupt) {
          return begun.compareAndSet(false, true) && super.cancel(mayInterrupt);
        }
      };

  Turn(ToolRun.BusTask<T> task) {
    this.task = task;
  }

  /** Completes with what the task gives or throws; cancel it to take back what has not begun. */
  CompletableFuture<T> done() {
    return done;
  }

  /** It will never have its turn. */
  void refuse() {
    if (begun.compareAndSet(false, true)) {
      done.completeExceptionally(DriverException.unreachable("the gateway is stopping", null));
    }
  }

  @Override
  public void run() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    try {
      done.complete(task.run());
    } catch (DriverException e) {
      done.completeExceptionally(e);
    } catch (Throwable e) {
      done.completeExceptionally(
          DriverException.wrongAnswer("the driver failed in a way it does not declare: " + e, e));
    }
  }
}
