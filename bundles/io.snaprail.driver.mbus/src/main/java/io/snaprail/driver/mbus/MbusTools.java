package io.snaprail.driver.mbus;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.FormView;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.mbus.internal.MbusConfig;
import io.snaprail.driver.mbus.internal.MeterTools;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tries meters, lists what they tell, and finds them. */
@Component(service = DriverTools.class, property = DriverTools.DEVICE_PIDS + "=" + MbusDevice.PID)
public final class MbusTools implements DriverTools {
  private final MbusPorts ports;

  /** Called by the framework. */
  @Activate
  public MbusTools(@Reference MbusPorts ports) {
    this.ports = ports;
  }

  @Override
  public TrialDevice open(String pid, Map<String, Object> settings) {
    return new Trial(FormView.of(MbusConfig.class, settings), ports);
  }

  @Override
  public List<Tool> tools(String pid) {
    return MeterTools.ALL;
  }

  @Override
  public void run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      ToolRun run)
      throws DriverException, InterruptedException {
    MbusConfig config = FormView.of(MbusConfig.class, settings);
    new MeterTools(config, ports.shared(), run).run(tool, parameters);
  }

  /** A meter that is only tried. */
  private static final class Trial extends MbusDevice implements TrialDevice {
    Trial(MbusConfig config, MbusPorts ports) {
      super(config, ports);
      bus();
    }

    @Override
    public void close() {
      deactivate();
    }
  }
}
