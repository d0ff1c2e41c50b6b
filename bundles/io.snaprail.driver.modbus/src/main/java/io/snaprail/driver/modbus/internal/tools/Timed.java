package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.util.Locale;
import java.util.function.Supplier;

/** An answer and how long it took, connecting included where there was no connection yet. */
final class Timed {
  private final byte[] pdu;
  private final long nanos;

  private Timed(byte[] pdu, long nanos) {
    this.pdu = pdu;
    this.nanos = nanos;
  }

  /** Sends a request once, in turn with everybody else on the bus. */
  static Timed exchange(Target target, int unit, PduRequest request, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    return exchange(target, unit, request, given::deadline, run);
  }

  /** The same with another time-out. */
  static Timed exchange(
      Target target, int unit, PduRequest request, Supplier<Deadline> deadline, ToolRun run)
      throws DriverException, InterruptedException {
    return run.onBus(
        target.bus(),
        () -> {
          long start = System.nanoTime();
          byte[] answer = target.unit().transport().exchange(unit, request, deadline.get());
          return new Timed(answer, System.nanoTime() - start);
        });
  }

  /** The checked answer. */
  byte[] pdu() {
    return pdu;
  }

  /** 0 when it is none. */
  int exception() {
    return AnswerCheck.exceptionCode(pdu);
  }

  /** In milliseconds, for people. */
  String millis() {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
  }
}
