package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.transport.AsyncTransport.Answer;
import io.snaprail.driver.modbus.internal.transport.PduRequest;

/** A request that waits to be sent, or for its answer. Guarded by the lock of its connection. */
final class Pending {
  final Lease lease;
  final int unit;
  final PduRequest request;
  final Times times;
  final Answer answer;

  /** By when it must be answered, or sent at first, as {@link System#nanoTime()}. */
  long due;

  /** When it was sent, as {@link System#nanoTime()}. */
  long sent;

  Pending(Lease lease, int unit, PduRequest request, Times times, Answer answer) {
    this.lease = lease;
    this.unit = unit;
    this.request = request;
    this.times = times;
    this.answer = answer;
    due = System.nanoTime() + times.deadline().remainingNanos();
  }

  /** It is sent now. */
  void sent() {
    sent = System.nanoTime();
    due = sent + times.fromNow().remainingNanos();
  }
}
