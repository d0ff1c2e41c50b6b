package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.codec.RegisterCodec;
import io.snaprail.driver.modbus.internal.transport.Table;

/**
 * A point as the protocol sees it.
 *
 * @param table where
 * @param address of the first register or bit that is read for it, on the wire
 * @param codec what is there
 */
record ModbusPoint(Table table, int address, RegisterCodec codec) {
  ModbusPoint {
    if (address < 0 || address + codec.width() > Table.SIZE) {
      throw new IllegalArgumentException(
          codec.type() + " at " + address + " reaches past " + (Table.SIZE - 1));
    }
  }

  int width() {
    return codec.width();
  }
}
