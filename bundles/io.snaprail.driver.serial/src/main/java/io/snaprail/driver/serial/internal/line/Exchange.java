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
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final SerialLine line;
  private final ReentrantLock one = new ReentrantLock();

  // All below is guarded by the lock.
  /** What was asked last without an answer in time; empty when no answer is still to come. */
  private byte[] late = {};

  private long lateUntilNanos;
  private long lastNanos = System.nanoTime();

  Exchange(SerialLine line) {
    this.line = line;
  }

  /**
   * Sends once, and hears until the answer is complete, the device's time is over or the deadline.
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
        if (deadline.expired()) {
          throw DriverException.unreachable(
              line.address() + ": no time was left to ask behind pauses and late answers", null);
        }
        connection.discardInput();
        boolean doubled = late.length > 0;
        expect(request);
        sent = true;
        line.send(connection, request.bytes(), deadline);
        Deadline until = deadline.orIn(request.patience());
        if (request.echo()) {
          echo(connection, request.bytes(), until);
        }
        hear(connection, answer, until);
        if (answer.complete() && !doubled) {
          late = new byte[0];
        }
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
    if (late.length > 0) {
      settle(connection, request, deadline);
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

  private void expect(Request request) {
    late = request.bytes();
    lateUntilNanos = System.nanoTime() + 2 * request.patience().toNanos();
  }

  /**
   * Lets an answer that is late go by: until it cannot come any more when something else is asked
   * now, and else, since it would do as well, until what is coming has come.
   */
  private void settle(SerialConnection connection, Request request, Deadline deadline)
      throws SerialException {
    if (lateUntilNanos - System.nanoTime() <= 0) {
      late = new byte[0];
      return;
    }
    if (!Arrays.equals(late, request.bytes())) {
      long wait = Math.max(0, lateUntilNanos - System.nanoTime());
      line.hear(connection, deadline.orIn(Duration.ofNanos(wait)));
      late = new byte[0];
    }
    byte[] buffer = new byte[256];
    while (!deadline.expired()) {
      int read = connection.read(buffer, deadline.orIn(request.settle()));
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
    long left = System.nanoTime();
    answer.begins(left);
    while (!answer.complete() && !deadline.expired()) {
      long begin = System.nanoTime();
      if (begin - left > LATE_NANOS) {
        answer.deaf(begin - left);
      }
      long wake = answer.wakeInNanos(begin);
      Deadline until =
          wake == Long.MAX_VALUE ? deadline : deadline.orIn(Duration.ofNanos(Math.max(1, wake)));
      int read = connection.read(buffer, until);
      line.told(false, buffer, 0, read);
      left = System.nanoTime();
      if (read > 0) {
        answer.bytes(buffer, 0, read, left);
      } else {
        answer.silence(left);
      }
    }
  }
}
