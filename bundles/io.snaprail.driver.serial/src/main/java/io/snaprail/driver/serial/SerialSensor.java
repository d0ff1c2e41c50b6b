package io.snaprail.driver.serial;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.Sensor;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import io.snaprail.driver.serial.internal.sensor.SensorForm;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A sensor on a serial port, described by its configuration alone. */
@Component(
    name = SerialSensor.PID,
    service = {Device.class, MetricSource.class},
    immediate = true,
    configurationPid = SerialSensor.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    // A port that was plugged in again is to be in use soon: nothing is asked of it meanwhile.
    property = "backoff.max.ms:Integer=5000")
@Designate(ocd = SensorForm.class, factory = true)
public class SerialSensor implements Device, Inspectable, MetricSource {
  static final String PID = "io.snaprail.driver.serial";

  private final @Nullable Sensor sensor;
  private final String wrong;

  /** Called by the framework. Opens nothing. */
  @Activate
  public SerialSensor(
      LineConfig line,
      SensorConfig config,
      Map<String, Object> properties,
      @Reference SerialLines lines) {
    Sensor made = null;
    String message = "";
    try {
      made = Sensor.of(line, config, Sensor.name(properties), lines, Clock.systemUTC());
    } catch (IllegalArgumentException | ComponentException e) {
      message = String.valueOf(e.getMessage());
    }
    sensor = made;
    wrong = message;
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public final void deactivate() {
    if (sensor != null) {
      sensor.close();
    }
  }

  private Sensor sensor() {
    if (sensor == null) {
      throw new IllegalArgumentException(wrong);
    }
    return sensor;
  }

  @Override
  public final String bus() {
    return sensor().bus();
  }

  @Override
  public final ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    return sensor().compile(points, errors);
  }

  @Override
  public final void checkWritable(List<PointDefinition> points, PointErrors errors) {
    sensor().checkWritable(points, errors);
  }

  @Override
  public final void write(PointDefinition point, Value raw, Deadline deadline)
      throws DriverException {
    sensor().write(point, raw, deadline);
  }

  @Override
  public final Inspection inspect() {
    return sensor().inspect();
  }

  @Override
  public final void collect(Collector collector) {
    if (sensor != null) {
      sensor.collect(collector);
    }
  }
}
