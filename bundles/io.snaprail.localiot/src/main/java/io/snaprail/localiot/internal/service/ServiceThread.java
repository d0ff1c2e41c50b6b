package io.snaprail.localiot.internal.service;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which all services work, one request after the other: what they keep needs no
 * locks, and what they publish keeps its order.
 */
public final class ServiceThread implements Executor {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Executor executor;
  private volatile @Nullable Thread worker;

  /** Uses an executor that runs one task after the other. */
  public ServiceThread(Executor executor) {
    this.executor = executor;
  }

  /** Something to do that has an answer. */
  @FunctionalInterface
  public interface Task<T> {
    /** Does it. */
    T run() throws ServiceException;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(
        () -> {
          worker = Thread.currentThread();
          task.run();
        });
  }

  /**
   * Does something there and waits for the answer, 10 s at most. The thread itself does it at once.
   *
   * @throws ServiceException what the task throws; 503 when there is no answer in time
   */
  public <T> T call(Task<T> task) throws ServiceException {
    if (Thread.currentThread() == worker) {
      return task.run();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    execute(
        () -> {
          try {
            answer.complete(task.run());
          } catch (ServiceException | RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ServiceException failed ? failed : unavailable(e);
    } catch (TimeoutException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private static ServiceException unavailable(Exception cause) {
    return new ServiceException(
        503,
        "ServiceUnavailableException",
        "the local endpoint did not answer; try again, and look into its log if that does not help",
        cause);
  }
}
