package io.snaprail.certificates;

import io.snaprail.api.audit.Actor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of all rotations. What comes later is done on behalf of whom it was asked by. */
final class RotationThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RotationThread.class);

  private final ScheduledThreadPoolExecutor executor;
  private final Runnable problemsChanged;

  RotationThread(Runnable problemsChanged) {
    this.problemsChanged = problemsChanged;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "snaprail-certificates-rotation");
              thread.setDaemon(true);
              return thread;
            });
    // A question that was answered leaves nothing behind.
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Whether it is going to be done. */
  boolean submit(Runnable task) {
    return later(task, Duration.ZERO) != null;
  }

  /** Does it on behalf of somebody else than this thread works for. */
  void submit(Optional<Actor> by, Runnable task) {
    schedule(by, task, Duration.ZERO);
  }

  @Nullable ScheduledFuture<?> later(Runnable task, Duration after) {
    return schedule(Actor.current(), task, after);
  }

  private @Nullable ScheduledFuture<?> schedule(Optional<Actor> by, Runnable task, Duration after) {
    Runnable step = guarded(() -> run(by, task));
    try {
      return executor.schedule(step, after.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      LOG.debug("Rotations have ended");
      return null;
    }
  }

  private static void run(Optional<Actor> by, Runnable task) {
    if (by.isEmpty()) {
      task.run();
      return;
    }
    Actor.Scope scope = by.get().enter();
    try {
      task.run();
    } finally {
      scope.close();
    }
  }

  void again(Runnable task, Duration first, Duration period) {
    executor.scheduleWithFixedDelay(
        guarded(task), first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  // One identity's trouble must not end the rotations of all the others.
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException failure) {
        LOG.warn("A step of a rotation failed", failure);
      }
    };
  }

  /** What is wrong may be another now. */
  void problemsChanged() {
    problemsChanged.run();
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
        LOG.warn("A step of a rotation did not end within 2 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
