package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.driver.modbus.internal.ReadCycle.Asked;
import java.util.function.LongSupplier;

/** Sends its reads one after another and waits for each answer: for every transport. */
final class ModbusReadPlan implements ReadPlan, Inspectable {
  private final UnitAccess unit;
  private final ReadLayout layout;
  private final LongSupplier nanoTime;

  ModbusReadPlan(UnitAccess unit, ReadLayout layout, LongSupplier nanoTime) {
    this.unit = unit;
    this.layout = layout;
    this.nanoTime = nanoTime;
  }

  @Override
  public Inspection inspect() {
    return layout.inspect();
  }

  @Override
  public void read(Sink sink, Deadline deadline) throws DriverException {
    layout.refresh(nanoTime.getAsLong(), unit.cost());
    ReadCycle cycle = new ReadCycle(unit.target(), layout, sink, deadline, nanoTime);
    try {
      while (!cycle.ended()) {
        step(cycle, deadline);
      }
    } finally {
      unit.rest();
    }
    DriverException failure = cycle.failure();
    if (failure != null) {
      throw failure;
    }
  }

  private void step(ReadCycle cycle, Deadline deadline) {
    if (!unit.pace().await(deadline)) {
      cycle.noTime();
    }
    Asked asked = cycle.next();
    if (asked == null) {
      return;
    }
    try {
      cycle.answered(asked, unit.exchange(asked.request(), deadline));
    } catch (DriverException e) {
      cycle.failed(asked, e);
    }
  }
}
