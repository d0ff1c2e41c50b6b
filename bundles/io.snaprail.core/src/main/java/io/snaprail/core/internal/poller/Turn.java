package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Something that waits for its turn on a lane, and is done once. Whoever comes first wins: it is
 * begun, cancelled or refused.
 */
final class Turn<T> implements Task {
  private final ToolRun.BusTask<T> task;
  private final LongSupplier nanos;
  private final boolean write;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean used;
  private volatile long startNanos;
  private volatile long endNanos;

  private final CompletableFuture<T> done =
      new CompletableFuture<>() {
        @Override
        public boolean cancel(boolean mayInterrupt) {
          return begun.compareAndSet(false, true) && super.cancel(mayInterrupt);
        }
      };

  private Turn(ToolRun.BusTask<T> task, LongSupplier nanos, boolean write) {
    this.task = task;
    this.nanos = nanos;
    this.write = write;
  }

  /** A write to a device. */
  static <T> Turn<T> write(ToolRun.BusTask<T> task, LongSupplier nanos) {
    return new Turn<>(task, nanos, true);
  }

  /** A task of a tool. */
  static <T> Turn<T> visit(ToolRun.BusTask<T> task, LongSupplier nanos) {
    return new Turn<>(task, nanos, false);
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

  /** How long it has held the bus; zero when it does not. */
  long heldNanos() {
    return used && endNanos == 0 ? nanos.getAsLong() - startNanos : 0;
  }

  @Override
  public boolean begin(Runnable resume) {
    if (!begun.compareAndSet(false, true)) {
      return true;
    }
    startNanos = nanos.getAsLong();
    used = true;
    try {
      T result = task.run();
      endNanos = nanos.getAsLong();
      done.complete(result);
    } catch (DriverException e) {
      endNanos = nanos.getAsLong();
      done.completeExceptionally(e);
    } catch (Throwable e) {
      endNanos = nanos.getAsLong();
      done.completeExceptionally(
          DriverException.wrongAnswer("the driver failed in a way it does not declare: " + e, e));
    }
    return true;
  }

  @Override
  public void end() {
    // Whoever waits has been told already.
  }

  @Override
  public boolean endsAtOnce() {
    return true;
  }

  @Override
  public boolean usesBus() {
    return true;
  }

  @Override
  public void account(BusMeter meter, ProbeBudget budget) {
    if (!used) {
      return;
    }
    if (write) {
      meter.wrote(startNanos, endNanos);
    } else {
      meter.used(startNanos, endNanos);
    }
  }
}
