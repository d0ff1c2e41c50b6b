package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.AsyncTransport;
import io.snaprail.driver.modbus.internal.transport.AsyncTransport.Answer;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;

/** The way to one unit, with the pause and the time-out that it is given. */
final class UnitAccess implements AutoCloseable {
  private final ModbusTransport transport;
  private final UnitSettings settings;
  private final Pace pace;

  UnitAccess(ModbusTransport transport, UnitSettings settings) {
    this.transport = transport;
    this.settings = settings;
    this.pace = new Pace(settings.pause());
  }

  ReadCycle.Target target() {
    return new ReadCycle.Target(transport.endpoint(), settings.unit());
  }

  Pace pace() {
    return pace;
  }

  LineCost cost() {
    return transport.cost(settings.unit());
  }

  void rest() {
    transport.rest();
  }

  /** Sends a request, for which the pause is over, and waits for its answer. */
  byte[] exchange(PduRequest request, Deadline deadline) throws DriverException {
    try {
      return transport.exchange(settings.unit(), request, deadline, settings.requestTimeout());
    } finally {
      pace.used();
    }
  }

  /** The same without waiting. */
  void exchange(AsyncTransport way, PduRequest request, Deadline deadline, Answer answer) {
    way.exchange(settings.unit(), request, deadline, settings.requestTimeout(), answer);
  }

  @Override
  public void close() {
    pace.close();
    transport.close();
  }
}
