package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.Arrays;
import java.util.List;

/** Finds out which registers a unit lets people read. */
final class ScanRegisters implements ModbusTool {
  private static final List<String> TABLES =
      List.of(
          Table.HOLDING.label(), Table.INPUT.label(), Table.COIL.label(), Table.DISCRETE.label());

  @Override
  public Tool describe(Kind<?> kind) {
    return new Tool(
        "scan-registers",
        "Scan the unit for readable registers",
        "Reads blocks, divides those that are refused, and shows what can be read, with a sample of"
            + " what is there, and a register map of it. Where a block is refused, every Nth"
            + " address is tried, so that ranges of N or more are found; 1 finds every single"
            + " register and takes longest. It changes nothing, but for devices that forget a"
            + " register once it was read. Polling goes on meanwhile.",
        List.of(
            Tool.Parameter.choice("table", "Table", TABLES),
            Tool.Parameter.whole("first", "First address, from 0", 0, 0, Table.SIZE - 1),
            Tool.Parameter.whole("last", "Last address, from 0", 999, 0, Table.SIZE - 1),
            Tool.Parameter.whole("block", "Longest read, in registers", 64, 1, 125),
            Tool.Parameter.whole("step", "Try every Nth address", 10, 1, 125),
            Tool.Parameter.whole(Given.TIMEOUT, "Time-out a read (ms)", 1_000, 10, 10_000),
            Tool.Parameter.whole("minutes", "End after so many minutes", 5, 1, 60)),
        List.of("from", "to", "count", "hex", "int16", "text"),
        Tool.Access.OPERATOR);
  }

  @Override
  public void run(Kind<?> kind, Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    int first = given.whole("first");
    int last = given.whole("last");
    if (last < first) {
      throw new IllegalArgumentException(
          "last: expected first (" + first + ") or more, found " + last);
    }
    Table table =
        Arrays.stream(Table.values())
            .filter(t -> t.label().equals(given.text("table")))
            .findFirst()
            .orElseThrow();
    new RegisterScan(target, table, given, run).scan(first, last);
  }
}
