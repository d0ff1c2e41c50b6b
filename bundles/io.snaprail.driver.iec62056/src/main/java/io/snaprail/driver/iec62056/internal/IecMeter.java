package io.snaprail.driver.iec62056.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.serial.SharedPorts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** A meter as it is configured, on its port. */
public final class IecMeter implements AutoCloseable {
  private final SharedPorts.Use use;
  private final Meter meter;
  private final LongAdder readouts = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile String identification = "";
  private volatile String check = "";

  /**
   * Takes part in its port from now on. Opens nothing.
   *
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  public IecMeter(IecConfig config, SharedPorts ports) {
    IecSettings settings = IecSettings.of(config);
    use = ports.join(settings.serial());
    meter = new Meter(settings, use);
  }

  /** See {@link io.snaprail.api.driver.Device#bus()}. */
  public String bus() {
    return "serial:" + use.settings().address();
  }

  /** See {@link io.snaprail.api.driver.Device#compile}. */
  public ReadPlan compile(List<PointDefinition> definitions, PointErrors errors) {
    Points points = new Points(definitions, errors);
    return (sink, deadline) -> points.deliver(read(deadline), sink);
  }

  private Meter.Told read(Deadline deadline) throws DriverException {
    try {
      Meter.Told told = meter.read(deadline);
      readouts.increment();
      identification = told.identification().manufacturer() + " " + told.identification().text();
      check = told.checked() ? "checked" : "the meter sends nothing to check its data with";
      return told;
    } catch (DriverException e) {
      failures.increment();
      throw e;
    }
  }

  /**
   * Lists what the meter sends, as rows of code, value and unit, and as a register map.
   *
   * @throws DriverException when it cannot be read
   * @throws InterruptedException when the run was cancelled
   */
  public void list(ToolRun run, Deadline deadline) throws DriverException, InterruptedException {
    Meter.Told told = run.onBus(bus(), () -> read(deadline));
    StringBuilder map = new StringBuilder("name,address,type,unit\n");
    Set<String> names = new HashSet<>();
    for (DataSet set : told.sets()) {
      for (int i = 0; i < set.values().size(); i++) {
        DataSet.Item item = set.values().get(i);
        String address = set.code() + (i == 0 ? "" : " value=" + (i + 1));
        run.row(List.of(address, item.value(), item.unit()));
        String name = address.replaceAll("[^A-Za-z0-9]+", "_");
        if (set.code().matches("[^\\s(),;\"]{1,40}") && name.length() <= 64 && names.add(name)) {
          map.append(name).append(',').append(address);
          map.append(item.value().matches("[0-9]+(\\.[0-9]+)?") ? ",number," : ",text,");
          map.append(item.unit().replaceAll("[\",;]", "")).append('\n');
        }
      }
    }
    run.progress(1, 1, identification + ": " + told.sets().size() + " data sets, " + check);
    if (!names.isEmpty()) {
      run.file("meter.csv", map.toString());
    }
  }

  /** See {@link io.snaprail.api.driver.Inspectable#inspect()}. */
  public Inspection inspect() {
    return new Inspection(
        List.of(
            new Inspection.Fact("Port", use.settings().address().toString()),
            new Inspection.Fact("First line", use.settings().line().toString()),
            new Inspection.Fact("Identification", identification),
            new Inspection.Fact("Data", check)),
        List.of(
            new Inspection.Figure("readouts", "Readouts", (double) readouts.sum(), ""),
            new Inspection.Figure("failures", "Failed readouts", (double) failures.sum(), "")),
        List.of());
  }

  /** Leaves the port, and ends a call that is under way. */
  @Override
  public void close() {
    use.close();
  }
}
