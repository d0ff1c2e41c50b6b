package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One device's share of a connection. */
final class Lease implements ModbusTransport {
  private final ConnectionPool pool;
  private final Endpoint shared;
  private final ConnectionSettings settings;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(ConnectionPool pool, Endpoint shared, ConnectionSettings settings) {
    this.pool = pool;
    this.shared = shared;
    this.settings = settings;
  }

  @Override
  public String endpoint() {
    return shared.name();
  }

  ConnectionSettings settings() {
    return settings;
  }

  boolean closed() {
    return closed.get();
  }

  @Override
  public byte[] exchange(int unit, PduRequest request, Deadline deadline) throws DriverException {
    return shared.exchange(this, unit, request, deadline);
  }

  @Override
  public UnitReport report(int unit) {
    return shared.report(unit);
  }

  @Override
  public void identified(int unit, SortedMap<Integer, String> objects) {
    shared.identified(unit, objects);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      shared.abandon(this);
      pool.release(shared);
    }
  }
}
