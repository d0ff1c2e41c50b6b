package io.snaprail.driver.simulator;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** A device that needs no hardware: the reference driver. {@link Signal} lists its addresses. */
@Component(
    configurationPid = SimulatorDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SimulatorDevice.Config.class, factory = true)
public final class SimulatorDevice implements Device {
  static final String PID = "io.snaprail.driver.simulator";

  /** The driver's own settings; the core adds those that every device has. */
  @ObjectClassDefinition(name = "Simulator device", description = "Makes values up.")
  @interface Config {
    @AttributeDefinition(
        name = "Bus",
        description = "Devices on one bus are read one by one. Empty: a bus of its own.",
        required = false)
    String bus() default "";

    @AttributeDefinition(name = "Latency (ms)", description = "0..60000.", min = "0", max = "60000")
    int latency_ms() default 0;

    @AttributeDefinition(name = "Absent", description = "The device does not answer.")
    boolean fail() default false;
  }

  private final Config config;
  private final String bus;
  private final Map<String, Value> memory = new TreeMap<>();

  /** Called by the framework. */
  @Activate
  public SimulatorDevice(Config config, Map<String, Object> properties) {
    this.config = config;
    this.bus =
        "simulator:" + (config.bus().isEmpty() ? properties.get("service.pid") : config.bus());
  }

  @Override
  public String bus() {
    return bus;
  }

  @Override
  public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    Map<Integer, Signal> signals = new TreeMap<>();
    for (int i = 0; i < points.size(); i++) {
      try {
        signals.put(i, Signal.of(points.get(i), memory));
      } catch (IllegalArgumentException e) {
        errors.add(i, String.valueOf(e.getMessage()));
      }
    }
    return (sink, deadline) -> {
      Line.answer(bus, "read", config.latency_ms(), config.fail(), deadline);
      signals.forEach((index, signal) -> signal.deliver(index, sink));
    };
  }

  @Override
  public void checkWritable(List<PointDefinition> points, PointErrors errors) {
    for (int i = 0; i < points.size(); i++) {
      if (!points.get(i).address().startsWith(Signal.MEMORY)) {
        errors.add(i, "address '" + points.get(i).address() + "': only memory:NAME can be written");
      }
    }
  }

  @Override
  public void write(PointDefinition point, Value raw, Deadline deadline) throws DriverException {
    Line.answer(bus, "write " + point.name(), config.latency_ms(), config.fail(), deadline);
    memory.put(point.address(), raw);
  }
}
