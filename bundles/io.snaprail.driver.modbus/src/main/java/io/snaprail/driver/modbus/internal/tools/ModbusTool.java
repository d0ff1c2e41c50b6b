package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import java.util.List;

/** One of the tools, for every kind of device. */
public interface ModbusTool {
  /** Every tool, in the order in which people need them. */
  List<ModbusTool> ALL =
      List.of(
          new ScanUnits(),
          new ScanRegisters(),
          new ReadOnce(),
          new Identify(),
          new DiscoverSunSpec(),
          new RawRequestTool());

  /** What it is for a kind of device. */
  Tool describe(Kind<?> kind);

  /** See {@link io.snaprail.api.driver.DriverTools#run}. */
  void run(Kind<?> kind, Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException;
}
