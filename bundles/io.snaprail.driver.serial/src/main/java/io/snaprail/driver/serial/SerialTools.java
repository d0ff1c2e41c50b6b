package io.snaprail.driver.serial;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.FormView;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.Sensor;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import io.snaprail.driver.serial.internal.tools.Tools;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tries serial sensors, and shows what happens on their lines. */
@Component(service = DriverTools.class, property = DriverTools.DEVICE_PIDS + "=" + SerialSensor.PID)
public final class SerialTools implements DriverTools {
  private final SerialLines lines;

  /** Called by the framework. */
  @Activate
  public SerialTools(@Reference SerialLines lines) {
    this.lines = lines;
  }

  @Override
  public TrialDevice open(String pid, Map<String, Object> settings) {
    return new Trial(settings, properties(settings), lines);
  }

  @Override
  public List<Tool> tools(String pid) {
    return Tools.ALL;
  }

  @Override
  public void run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      ToolRun run)
      throws DriverException, InterruptedException {
    if (Tools.ALL.stream().noneMatch(each -> each.id().equals(tool))) {
      throw new IllegalArgumentException("tool: there is no tool '" + tool + "'");
    }
    String name = Sensor.name(properties(settings));
    try (Sensor sensor = sensor(settings, name)) {
      Tools.run(tool, sensor, parameters, run);
    }
  }

  private Sensor sensor(Map<String, Object> settings, String name) {
    return Sensor.of(
        FormView.of(LineConfig.class, settings),
        FormView.of(SensorConfig.class, settings),
        name,
        lines,
        Clock.systemUTC());
  }

  private static Map<String, Object> properties(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(settings);
    properties.put("service.pid", SerialSensor.PID + "~(being set up)");
    return properties;
  }

  /** A sensor that is only tried. */
  private static final class Trial extends SerialSensor implements TrialDevice {
    Trial(Map<String, Object> settings, Map<String, Object> properties, SerialLines lines) {
      super(
          FormView.of(LineConfig.class, settings),
          FormView.of(SensorConfig.class, settings),
          properties,
          lines);
      bus();
    }

    @Override
    public void close() {
      deactivate();
    }
  }
}
