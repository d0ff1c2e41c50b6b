package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.AsyncTransport.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets a thread wait for what comes of its request. */
final class BlockingAnswer implements Answer {
  /** The deadline is kept by whoever answers; this is for when that fails. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final CompletableFuture<byte[]> result = new CompletableFuture<>();

  @Override
  public void answered(byte[] answer) {
    result.complete(answer);
  }

  @Override
  public void failed(DriverException failure) {
    result.completeExceptionally(failure);
  }

  byte[] await(Deadline deadline, String name) throws DriverException {
    try {
      long most = Math.max(0, deadline.remainingNanos()) + GRACE_NANOS;
      return result.get(most, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DriverException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.noAnswer(name + ": interrupted while waiting for an answer", e);
    } catch (TimeoutException e) {
      throw DriverException.noAnswer(name + ": the thread for Modbus connections hangs", e);
    }
  }
}
