package io.snaprail.driver.serial.internal.line;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.driver.serial.internal.framing.Escapes;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests and their answers on one line, one after another. What was on its way when an answer did
 * not come in time is let go by before the next request, so that it is not taken for its answer.
 */
final class Exchange {
  private final SerialLine line;
  private final ReentrantLock one = new ReentrantLock();

  // All below is guarded by the lock.
  private boolean late;
  private long lastNanos = System.nanoTime();

  Exchange(SerialLine line) {
    this.line = line;
  }

  /**
   * Sends once, and hears until the answer is complete or the deadline over.
   *
   * @throws DriverException when the port cannot be had, the request not be sent, or its echo is
   *     another
   */
  void run(Request request, Answer answer, Deadline deadline) throws DriverException {
    enter(deadline);
    try {
      SerialConnection connection = line.open(deadline);
      boolean sent = false;
      try {
        prepare(connection, request, deadline);
        connection.discardInput();
        late = true;
        sent = true;
        line.send(connection, request.bytes(), deadline);
        if (request.echo()) {
          echo(connection, request.bytes(), deadline);
        }
        hear(connection, answer, deadline);
        late = !answer.complete();
      } catch (SerialException e) {
        throw e.toDriverException(sent);
      } finally {
        lastNanos = System.nanoTime();
      }
    } finally {
      one.unlock();
    }
  }

  private void enter(Deadline deadline) throws DriverException {
    try {
      if (one.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw DriverException.unreachable(line.address() + " is in use by another device", null);
  }

  private void prepare(SerialConnection connection, Request request, Deadline deadline)
      throws SerialException {
    if (late) {
      settle(connection, request.settle(), deadline);
    }
    long wait = request.pause().toNanos() - (System.nanoTime() - lastNanos);
    if (wait > 0) {
      line.hear(connection, deadline.orIn(Duration.ofNanos(wait)));
    }
    LineSpec.Preamble wake = request.wake();
    if (wake != null) {
      line.send(connection, wake.bytes(), deadline);
      line.hear(connection, deadline.orIn(Duration.ofMillis(wake.pauseMs())));
    }
  }

  /** Lets go by what comes until the line has been silent for so long. */
  private void settle(SerialConnection connection, Duration silence, Deadline deadline)
      throws SerialException {
    byte[] buffer = new byte[256];
    while (!deadline.expired()) {
      int read = connection.read(buffer, deadline.orIn(silence));
      line.told(false, buffer, 0, read);
      if (read == 0) {
        return;
      }
    }
  }

  private void echo(SerialConnection connection, byte[] sent, Deadline deadline)
      throws SerialException, DriverException {
    byte[] echo = new byte[sent.length];
    int count = 0;
    while (count < echo.length) {
      int read = connection.read(echo, count, echo.length - count, deadline);
      line.told(false, echo, count, read);
      if (read == 0) {
        throw DriverException.noAnswer(
            line.address() + ": no echo of '" + Escapes.shown(sent) + "' in time", null);
      }
      count += read;
    }
    if (!Arrays.equals(echo, sent)) {
      throw DriverException.wrongAnswer(
          line.address()
              + ": expected the echo of '"
              + Escapes.shown(sent)
              + "', found '"
              + Escapes.shown(echo)
              + "'",
          null);
    }
  }

  private void hear(SerialConnection connection, Answer answer, Deadline deadline)
      throws SerialException {
    byte[] buffer = new byte[1024];
    answer.begins(System.nanoTime());
    while (!answer.complete() && !deadline.expired()) {
      long wake = answer.wakeInNanos(System.nanoTime());
      Deadline until =
          wake == Long.MAX_VALUE ? deadline : deadline.orIn(Duration.ofNanos(Math.max(1, wake)));
      int read = connection.read(buffer, until);
      line.told(false, buffer, 0, read);
      long now = System.nanoTime();
      if (read > 0) {
        answer.bytes(buffer, 0, read, now);
      } else {
        answer.silence(now);
      }
    }
  }
}
