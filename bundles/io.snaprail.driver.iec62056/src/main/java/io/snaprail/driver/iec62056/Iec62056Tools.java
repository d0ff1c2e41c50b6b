package io.snaprail.driver.iec62056;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.FormView;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.iec62056.internal.IecConfig;
import io.snaprail.driver.iec62056.internal.IecMeter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tries meters, and lists what they tell. */
@Component(
    service = DriverTools.class,
    property = DriverTools.DEVICE_PIDS + "=" + Iec62056Device.PID)
public final class Iec62056Tools implements DriverTools {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private static final Tool READ =
      new Tool(
          "read",
          "List what the meter tells",
          "Reads the meter out once, or waits for what it sends, and lists its values. Takes up to"
              + " three minutes at 300 baud, for which the line is in use. Changes nothing.",
          List.of(),
          List.of("Address of a point", "Value", "Unit"),
          Tool.Access.OPERATOR);

  private final Iec62056Ports ports;

  /** Called by the framework. */
  @Activate
  public Iec62056Tools(@Reference Iec62056Ports ports) {
    this.ports = ports;
  }

  @Override
  public TrialDevice open(String pid, Map<String, Object> settings) {
    return new Trial(FormView.of(IecConfig.class, settings), ports);
  }

  @Override
  public List<Tool> tools(String pid) {
    return List.of(READ);
  }

  @Override
  public void run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      ToolRun run)
      throws DriverException, InterruptedException {
    if (!tool.equals(READ.id())) {
      throw new IllegalArgumentException("tool: there is no tool '" + tool + "'");
    }
    IecConfig config = FormView.of(IecConfig.class, settings);
    try (IecMeter meter = new IecMeter(config, ports.shared())) {
      meter.list(run, Deadline.in(LONGEST));
    }
  }

  /** A meter that is only tried. */
  private static final class Trial extends Iec62056Device implements TrialDevice {
    Trial(IecConfig config, Iec62056Ports ports) {
      super(config, ports);
      bus();
    }

    @Override
    public void close() {
      deactivate();
    }
  }
}
