package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One device's share of a connection. */
class Lease implements ModbusTransport {
  private final ConnectionPool pool;
  private final SharedConnection shared;
  private final ConnectionSettings settings;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(ConnectionPool pool, SharedConnection shared, ConnectionSettings settings) {
    this.pool = pool;
    this.shared = shared;
    this.settings = settings;
  }

  @Override
  public final String endpoint() {
    return shared.name();
  }

  final ConnectionSettings settings() {
    return settings;
  }

  final boolean closed() {
    return closed.get();
  }

  @Override
  public final byte[] exchange(int unit, PduRequest request, Deadline deadline)
      throws DriverException {
    return exchange(unit, request, deadline, Duration.ZERO);
  }

  @Override
  public final byte[] exchange(int unit, PduRequest request, Deadline deadline, Duration timeout)
      throws DriverException {
    return shared.exchange(this, unit, request, new Times(deadline, timeout));
  }

  @Override
  public final UnitReport report(int unit) {
    return shared.report(unit);
  }

  @Override
  public final void identified(int unit, SortedMap<Integer, String> objects) {
    shared.identified(unit, objects);
  }

  @Override
  public final LineCost cost(int unit) {
    return shared.cost(unit);
  }

  @Override
  public final void rest() {
    shared.rest(this);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      shared.abandon(this);
      pool.release(shared);
    }
  }
}
