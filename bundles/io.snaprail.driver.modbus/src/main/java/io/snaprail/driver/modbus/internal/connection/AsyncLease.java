package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.nio.IoLoop;
import io.snaprail.driver.modbus.internal.transport.AsyncTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One device's share of a connection that tells when an answer has come. */
final class AsyncLease extends Lease implements AsyncTransport {
  private final TcpEndpoint shared;

  /** What waits for a point in time: one read at a time, so one at most. */
  private volatile IoLoop.@Nullable Timer waiting;

  AsyncLease(ConnectionPool pool, TcpEndpoint shared, ConnectionSettings settings) {
    super(pool, shared, settings);
    this.shared = shared;
  }

  @Override
  public void exchange(
      int unit, PduRequest request, Deadline deadline, Duration timeout, Answer answer) {
    shared.exchange(new Pending(this, unit, request, new Times(deadline, timeout), answer));
  }

  @Override
  public int window() {
    return settings().outstanding();
  }

  @Override
  public void later(long nanos, Runnable task) {
    IoLoop.Timer timer = new IoLoop.Timer(task);
    waiting = timer;
    long at = System.nanoTime() + (closed() ? 0 : nanos);
    if (!shared.services().loop().set(timer, at)) {
      // The driver has ended: nothing is to be waited for.
      task.run();
    }
  }

  @Override
  public void close() {
    super.close();
    IoLoop.Timer timer = waiting;
    if (timer != null) {
      shared.services().loop().hasten(timer);
    }
  }
}
