package io.snaprail.driver.sml;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.FormView;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.sml.internal.Entry;
import io.snaprail.driver.sml.internal.SmlConfig;
import io.snaprail.driver.sml.internal.SmlFile;
import io.snaprail.driver.sml.internal.SmlMeter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tries meters, and lists what they send. */
@Component(service = DriverTools.class, property = DriverTools.DEVICE_PIDS + "=" + SmlDevice.PID)
public final class SmlTools implements DriverTools {
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private static final Tool LISTEN =
      new Tool(
          "listen",
          "List what the meter sends",
          "Waits for the next telegram, 15 s at most, and lists its values.",
          List.of(),
          List.of("Address of a point", "Value", "Unit", "Status"),
          Tool.Access.OPERATOR);

  private final SmlPorts ports;

  /** Called by the framework. */
  @Activate
  public SmlTools(@Reference SmlPorts ports) {
    this.ports = ports;
  }

  @Override
  public TrialDevice open(String pid, Map<String, Object> settings) {
    return new Trial(FormView.of(SmlConfig.class, settings), ports);
  }

  @Override
  public List<Tool> tools(String pid) {
    return List.of(LISTEN);
  }

  @Override
  public void run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      ToolRun run)
      throws DriverException, InterruptedException {
    if (!tool.equals(LISTEN.id())) {
      throw new IllegalArgumentException("tool: there is no tool '" + tool + "'");
    }
    SmlConfig config = FormView.of(SmlConfig.class, settings);
    SmlFile file;
    try (SmlMeter meter = new SmlMeter(config, ports.shared())) {
      file = run.onBus(meter.bus(), () -> meter.next(Deadline.in(LONGEST)));
    }
    StringBuilder map = new StringBuilder("name,address,type,unit\n");
    for (Entry entry : file.entries()) {
      String address = entry.name().toString();
      Long status = entry.status();
      run.row(
          List.of(
              address,
              entry.text(),
              entry.unitText(),
              status == null ? "" : Long.toHexString(status)));
      map.append(address.replaceAll("[^0-9]", "_")).append(',').append(address);
      map.append(entry.scaled(false) == null ? ",text," : ",number,");
      map.append(entry.unitText()).append('\n');
    }
    run.progress(1, 1, "meter " + file.server() + ": " + file.entries().size() + " values");
    if (!file.entries().isEmpty()) {
      run.file("meter.csv", map.toString());
    }
  }

  /** A meter that is only tried. */
  private static final class Trial extends SmlDevice implements TrialDevice {
    Trial(SmlConfig config, SmlPorts ports) {
      super(config, ports);
      bus();
    }

    @Override
    public void close() {
      deactivate();
    }
  }
}
