package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.modbus.internal.Places;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.Arrays;
import java.util.List;

/** What can be read, in ascending order, joined to ranges: a row for each. */
final class Findings {
  /** Values of a range that are shown. */
  private static final int SAMPLE = 16;

  /** Rows of the register map: more than anybody goes through by hand. */
  private static final int MAPPED = 2_000;

  private final Table table;
  private final Places places;
  private final ToolRun run;
  private int start;
  private int count;
  private int total;
  private int[] sample = {};
  private final StringBuilder map = new StringBuilder("name,address,type\n");

  Findings(Table table, Places places, ToolRun run) {
    this.table = table;
    this.places = places;
    this.run = run;
  }

  /** How many addresses can be read. */
  int total() {
    return total;
  }

  /** Whether the address before this one can be read. */
  boolean endAt(int address) {
    return count > 0 && start + count == address;
  }

  /** These can be read; never below what was added before. */
  void add(int address, int[] values) {
    if (address != start + count) {
      flush();
    }
    if (count == 0) {
      start = address;
      sample = new int[0];
    }
    int free = Math.min(values.length, SAMPLE - sample.length);
    int kept = sample.length;
    sample = Arrays.copyOf(sample, kept + free);
    System.arraycopy(values, 0, sample, kept, free);
    for (int i = 0; i < values.length && total + i < MAPPED; i++) {
      map(address + i);
    }
    count += values.length;
    total += values.length;
  }

  private void map(int address) {
    String place = places.address(table, address);
    map.append(place.replace(':', '_')).append(',').append(place).append(',');
    map.append(table.bits() ? "bool" : "uint16").append('\n');
  }

  /** Gives what was found, and a register map of it if there is anything. */
  void end() {
    flush();
    if (total > 0) {
      run.file(table.label() + "-registers.csv", map.toString());
    }
  }

  /** Gives the row of the range that is open, if one is. */
  private void flush() {
    if (count == 0) {
      return;
    }
    boolean bits = table.bits();
    run.row(
        List.of(
            places.address(table, start),
            places.address(table, start + count - 1),
            Integer.toString(count),
            bits ? Words.plain(sample) : Words.hex(sample),
            bits ? "" : Words.signed(sample),
            bits ? "" : Words.text(sample)));
    count = 0;
  }
}
