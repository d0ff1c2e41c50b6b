package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.transport.Table;

/**
 * Names places as the register map counts them.
 *
 * @param zeroBased whether {@code holding:0} is the first register; else {@code holding:1} is
 */
public record Places(boolean zeroBased) {
  /** Table and addresses, for messages: {@code holding 100..109}. */
  public String of(Table table, int start, int count) {
    int first = shown(start);
    return table.label() + " " + first + (count == 1 ? "" : ".." + (first + count - 1));
  }

  /** A wire address as people count it. */
  public int shown(int wire) {
    return wire + (zeroBased ? 0 : 1);
  }

  /** An address as a register map has it: {@code holding:100}. */
  public String address(Table table, int wire) {
    return table.label() + ":" + shown(wire);
  }
}
