package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.DriverException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What became of requests, to be told once the lock of their connection was given back. */
final class Outcomes {
  private final SharedConnection connection;
  private final List<Runnable> told = new ArrayList<>(2);

  /** Nothing yet. */
  Outcomes(SharedConnection connection) {
    this.connection = connection;
  }

  void answered(Pending pending, byte[] pdu) {
    told.add(() -> pending.answer.answered(pdu));
  }

  /** It was sent, but there is no answer to it. */
  void failed(Pending pending, IOException why) {
    UnitCounters counters = connection.counters(pending.unit);
    fail(
        pending,
        connection.failures().failure(why, pending.lease, pending.unit, pending.request, counters));
  }

  /** It was not sent, as there is no connection. */
  void unreachable(Pending pending, IOException why) {
    fail(pending, connection.failures().unreachable(why, pending.lease));
  }

  /** It was not sent. */
  void unsent(Pending pending, String why) {
    fail(pending, connection.failures().unsent(pending.request, why));
  }

  private void fail(Pending pending, DriverException failure) {
    told.add(() -> pending.answer.failed(failure));
  }

  /** Tells all, without a lock. */
  void tell() {
    told.forEach(Runnable::run);
  }
}
