package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import java.time.Duration;

/**
 * A way to the units of one bus that tells when an answer has come, and on which several requests
 * may be under way at once. Safe for any thread.
 */
public interface AsyncTransport extends ModbusTransport {

  /**
   * Sends a request once, as {@link ModbusTransport#exchange(int, PduRequest, Deadline, Duration)}
   * does, and returns without waiting for the answer.
   *
   * @param answer told exactly once, soon after the deadline at the latest, by any thread; may be
   *     told before this method returns. Must not block
   */
  void exchange(int unit, PduRequest request, Deadline deadline, Duration timeout, Answer answer);

  /** How many requests the device may have before it at once, 1 or more. */
  int window();

  /** Runs a task after so many nanoseconds, or when this is closed; it must not block. */
  void later(long nanos, Runnable task);

  /** Takes what comes of a request. */
  interface Answer {
    /** An answer that passed {@link AnswerCheck}: data, or an exception of the slave. */
    void answered(byte[] answer);

    /** There is none: unreachable when nothing was sent; no answer; or a wrong answer. */
    void failed(DriverException failure);
  }
}
