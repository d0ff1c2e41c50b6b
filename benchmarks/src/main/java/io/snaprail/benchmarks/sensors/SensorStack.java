package io.snaprail.benchmarks.sensors;

import io.snaprail.api.driver.Inspection;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.driver.serial.SerialSensor;
import io.snaprail.driver.serial.internal.line.LineSpec;
import io.snaprail.driver.serial.internal.line.LineUse;
import io.snaprail.driver.serial.internal.line.Listener;
import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import io.snaprail.serial.SerialPortsComponent;
import io.snaprail.testkit.TypedConfig;
import io.snaprail.testkit.line.TalkedFrame;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;

/** The port service and the driver, wired by hand instead of by the framework. */
final class SensorStack implements AutoCloseable {
  private final SerialPortsComponent ports;
  private final SerialLines lines;
  private final List<SerialSensor> sensors = new ArrayList<>();

  SensorStack() throws IOException {
    String data = Files.createTempDirectory("snaprail-benchmark").toString();
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                SensorStack.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) ->
                    RuntimeProperties.DATA_DIR.equals(arguments[0]) ? data : "");
    ports = new SerialPortsComponent(context);
    lines = new SerialLines(ports);
  }

  /** The settings of a sensor that sends such frames. */
  static Map<String, Object> settings(TalkedFrame frame) {
    Map<String, Object> settings = new HashMap<>();
    int octets =
        frame.checksum().equals("crc32") ? 4 : frame.checksum().equals("crc16-modbus") ? 2 : 1;
    boolean line = frame.form().equals("line");
    settings.put("frame", line ? "delimiter" : "length");
    settings.put("frame.start", line ? "$" : "\\xA5");
    settings.put("frame.end", line ? "\\r\\n" : "");
    settings.put("frame.max", 256);
    settings.put("checksum", frame.checksum());
    settings.put("checksum.from", line ? 1 : 0);
    settings.put("checksum.to", line ? -3 - 2 * octets : 0);
    settings.put("checksum.at", line ? -2 - 2 * octets : -octets);
    settings.put("checksum.form", line ? "hex" : "big");
    return settings;
  }

  SerialSensor sensor(String name, Path port, int baud, TalkedFrame frame) {
    Map<String, Object> properties = settings(frame);
    properties.put("service.pid", "io.snaprail.driver.serial~" + name);
    properties.put("port", port.toString());
    properties.put("baud", baud);
    SerialSensor sensor =
        new SerialSensor(
            TypedConfig.of(LineConfig.class, properties),
            TypedConfig.of(SensorConfig.class, properties),
            properties,
            lines);
    sensors.add(sensor);
    return sensor;
  }

  /** Hears a line without a sensor. */
  LineUse listen(Path port, int baud, Listener listener) {
    return lines.join(
        new LineSpec("benchmark", SerialSettings.of(port.toString(), baud), true, List.of()),
        listener);
  }

  static long figure(SerialSensor sensor, String key) {
    for (Inspection.Figure figure : sensor.inspect().figures()) {
      if (figure.key().equals(key)) {
        return (long) figure.value();
      }
    }
    throw new IllegalStateException("no figure " + key);
  }

  /** Ports that somebody has. */
  long leases() {
    return ports.ports().stream().filter(port -> !port.holder().isEmpty()).count();
  }

  @Override
  public void close() {
    sensors.forEach(SerialSensor::deactivate);
    lines.deactivate();
  }
}
