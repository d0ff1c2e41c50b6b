package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.modbus.internal.Identification;
import java.util.List;
import java.util.SortedMap;

/** Asks the unit of the settings what it is. */
final class Identify implements ModbusTool {

  @Override
  public Tool describe(Kind<?> kind) {
    return new Tool(
        "identify",
        "Ask the device what it is",
        "Reads the device identification (function 43, type 14): vendor, product, revision and"
            + " what else the device tells. It changes nothing. Many devices do not know it.",
        List.of(Tool.Parameter.whole(Given.TIMEOUT, "Time-out (ms)", 1_000, 10, 60_000)),
        List.of("object", "name", "text"),
        Tool.Access.OPERATOR);
  }

  @Override
  public void run(Kind<?> kind, Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    for (var object : objects(target, given, run).entrySet()) {
      int number = object.getKey();
      run.row(List.of(Integer.toString(number), Identification.name(number), object.getValue()));
    }
  }

  private static SortedMap<Integer, String> objects(Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    try {
      return run.onBus(target.bus(), () -> target.unit().identify(given.deadline()));
    } catch (DriverException e) {
      if (e.kind() == DriverException.Kind.DEVICE) {
        throw DriverException.refused(
            e.getMessage() + ": the device does not tell what it is; its manual does");
      }
      throw e;
    }
  }
}
