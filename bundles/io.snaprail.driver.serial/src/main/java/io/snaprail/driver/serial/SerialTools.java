package io.snaprail.driver.serial;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.FormView;
import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.Sensor;
import io.snaprail.driver.serial.internal.sensor.SensorCheck;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import io.snaprail.driver.serial.internal.tools.Tools;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tries serial sensors, and shows what happens on their lines. */
@Component(service = DriverTools.class, property = DriverTools.DEVICE_PIDS + "=" + SerialSensor.PID)
public final class SerialTools implements DriverTools {
  /** Devices that send by themselves do so every second, or every ten. */
  private static final Duration LISTEN = Duration.ofSeconds(12);

  private static final List<Preset> PRESETS =
      Stream.of(
              "nmea-gps",
              "gill-windsonic",
              "mettler-toledo-sics",
              "sartorius-sbi",
              "scale-st-gs",
              "scpi-multimeter",
              "adam-4000",
              "ascii-thermometer",
              "vaisala-hmt",
              "barcode-reader")
          .map(id -> Preset.read(SerialTools.class, "presets/" + id + ".csv"))
          .toList();

  private final SerialLines lines;

  /** Called by the framework. */
  @Activate
  public SerialTools(@Reference SerialLines lines) {
    this.lines = lines;
  }

  @Override
  public TrialDevice open(String pid, Map<String, Object> settings) {
    LineConfig line = FormView.of(LineConfig.class, settings);
    SensorConfig config = FormView.of(SensorConfig.class, settings);
    SensorCheck.free(line, config, Sensor.name(properties(settings)), lines);
    return new Trial(line, config, properties(settings), lines);
  }

  @Override
  public List<Preset> presets(String pid) {
    return PRESETS;
  }

  @Override
  public List<String> check(String pid, Map<String, Object> settings) {
    return SensorCheck.notes(
        FormView.of(LineConfig.class, withPort(settings)),
        FormView.of(SensorConfig.class, settings));
  }

  /** What needs no port is not to fail for want of one. */
  private static Map<String, Object> withPort(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    if (String.valueOf(all.getOrDefault("port", "")).isBlank()) {
      all.put("port", "/dev/null");
    }
    return all;
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
    boolean portless = Tools.needsNoPort(tool);
    new Tools(
            FormView.of(LineConfig.class, portless ? withPort(settings) : settings),
            FormView.of(SensorConfig.class, settings),
            Sensor.name(properties(settings)),
            lines)
        .run(tool, parameters, run);
  }

  private static Map<String, Object> properties(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(settings);
    properties.put("service.pid", SerialSensor.PID + "~(being set up)");
    return properties;
  }

  /** A sensor that is only tried. */
  private static final class Trial extends SerialSensor implements TrialDevice {
    private final boolean listens;

    Trial(LineConfig line, SensorConfig config, Map<String, Object> properties, SerialLines lines) {
      super(line, config, properties, lines);
      listens = !config.mode().strip().equalsIgnoreCase("ask");
      bus();
    }

    @Override
    public Duration patience() {
      return listens ? LISTEN : Duration.ZERO;
    }

    @Override
    public void close() {
      deactivate();
    }
  }
}
