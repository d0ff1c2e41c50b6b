package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.modbus.internal.sunspec.SunSpecDiscovery;
import io.snaprail.driver.modbus.internal.sunspec.UnitRegisters;
import java.util.List;
import java.util.Optional;

/** Finds out which SunSpec models a unit has, and makes a register map of them. */
final class DiscoverSunSpec implements ModbusTool {
  private static final String NAME = "name";
  private static final String LONGEST = "longest";
  private static final String ALL = "all";

  @Override
  public Tool describe(Kind<?> kind) {
    return new Tool(
        "sunspec",
        "Discover SunSpec models",
        "Looks for SunSpec models, as inverters, batteries and meters of many makers have them, and"
            + " makes a register map of those that are known. It only reads, a few requests a"
            + " model. Polling goes on meanwhile.",
        List.of(
            Tool.Parameter.text(NAME, "Name of the register map", "sunspec"),
            Tool.Parameter.bool(ALL, "Also what has no value now", false),
            Tool.Parameter.whole(LONGEST, "Longest read, in registers", 125, 2, 125),
            Tool.Parameter.whole(Given.TIMEOUT, "Time-out a read (ms)", 1_000, 10, 10_000)),
        List.of("model", "name", "address", "length", "remark"),
        Tool.Access.OPERATOR);
  }

  @Override
  public void run(Kind<?> kind, Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    UnitRegisters unit =
        new UnitRegisters(target.unit().transport(), target.unit().number(), given::deadline);
    SunSpecDiscovery discovery =
        new SunSpecDiscovery(
            (start, count) ->
                run.onBus(target.bus(), () -> Optional.ofNullable(unit.read(start, count)))
                    .orElse(null),
            given.whole(LONGEST),
            given.flag(ALL));
    SunSpecDiscovery.Result result = discovery.run(new Rows(run));
    if (!result.trouble().isEmpty()) {
      run.row(List.of("", "", "", "", result.trouble()));
    }
    run.file(SunSpecDiscovery.fileName(given.text(NAME)), result.map());
  }

  /** Models as rows of the table. */
  private record Rows(ToolRun run) implements SunSpecDiscovery.Report {
    @Override
    public void model(int id, String title, String address, int length, String remark) {
      run.row(List.of(Integer.toString(id), title, address, Integer.toString(length), remark));
    }

    @Override
    public void progress(int done, int of, String text) {
      run.progress(done, of, text);
    }
  }
}
