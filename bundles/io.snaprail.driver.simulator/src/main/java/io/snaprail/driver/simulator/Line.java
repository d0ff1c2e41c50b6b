package io.snaprail.driver.simulator;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The line to a simulated device: it takes its time, or nobody is there. */
final class Line {
  private Line() {}

  /**
   * Waits for the device's answer.
   *
   * @throws DriverException when the device is absent, or answers after the deadline
   */
  static void answer(String bus, String operation, int latencyMs, boolean absent, Deadline deadline)
      throws DriverException {
    if (absent) {
      throw DriverException.unreachable(
          bus + ": " + operation + ": no such device, as the setting 'fail' asks for", null);
    }
    long latency = TimeUnit.MILLISECONDS.toNanos(latencyMs);
    long left = deadline.remainingNanos();
    try {
      // Never counted down: a wait that ends in time and at an interrupt.
      new CountDownLatch(1).await(Math.min(latency, left), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.noAnswer(bus + ": " + operation + ": interrupted", e);
    }
    if (latency > left) {
      throw DriverException.noAnswer(
          bus + ": " + operation + ": no answer in time: the device takes " + latencyMs + " ms",
          null);
    }
  }
}
