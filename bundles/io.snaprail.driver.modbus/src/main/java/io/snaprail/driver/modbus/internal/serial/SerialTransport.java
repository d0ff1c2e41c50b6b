package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One device's share of a port. */
final class SerialTransport implements ModbusTransport {
  private final SerialBuses buses;
  private final SerialBus bus;
  private final SerialWish wish;
  private final AtomicBoolean closed = new AtomicBoolean();

  SerialTransport(SerialBuses buses, SerialBus bus, SerialWish wish) {
    this.buses = buses;
    this.bus = bus;
    this.wish = wish;
  }

  SerialBus bus() {
    return bus;
  }

  SerialWish wish() {
    return wish;
  }

  boolean closed() {
    return closed.get();
  }

  @Override
  public String endpoint() {
    return wish.address();
  }

  @Override
  public byte[] exchange(int unit, PduRequest request, Deadline deadline) throws DriverException {
    return bus.exchange(this, unit, request, deadline);
  }

  @Override
  public UnitReport report(int unit) {
    return bus.report(unit);
  }

  @Override
  public void identified(int unit, SortedMap<Integer, String> objects) {
    bus.identified(unit, objects);
  }

  @Override
  public LineCost cost(int unit) {
    return bus.cost(unit);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      buses.release(this);
    }
  }
}
