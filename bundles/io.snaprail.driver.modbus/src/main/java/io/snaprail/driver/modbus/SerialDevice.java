package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.ModbusUnit;
import io.snaprail.driver.modbus.internal.SerialConfig;
import io.snaprail.driver.modbus.internal.SerialDeviceSettings;
import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.driver.modbus.internal.tools.Target;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentException;

/** A device on a serial port, which it shares with the other units of its line. */
abstract class SerialDevice implements Target, Inspectable {
  /** What a device with good settings has. */
  private record Link(ModbusTransport transport, ModbusUnit unit, boolean broadcast) {}

  private final @Nullable Link link;
  private final String wrong;

  /** Opens nothing. Wrong settings are told by {@link #bus()}, as the API asks. */
  SerialDevice(
      SerialMode mode, SerialConfig config, Map<String, Object> properties, SerialBuses buses) {
    Link made = null;
    String message = "";
    try {
      SerialDeviceSettings settings = SerialDeviceSettings.of(mode, config, properties);
      ModbusTransport transport = buses.lease(settings.wish());
      made =
          new Link(
              transport, new ModbusUnit(transport, settings.unit()), settings.unit().unit() == 0);
    } catch (IllegalArgumentException | ComponentException e) {
      message = String.valueOf(e.getMessage());
    }
    link = made;
    wrong = message;
  }

  private Link link() {
    if (link == null) {
      throw new IllegalArgumentException(wrong);
    }
    return link;
  }

  @Override
  public final String bus() {
    return "serial:" + link().transport().endpoint();
  }

  @Override
  public final ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    if (!link().broadcast()) {
      return link().unit().compile(points, errors);
    }
    for (int i = 0; i < points.size(); i++) {
      errors.add(i, "unit 0 is all units at once, and none answers: expected access 'w'");
    }
    return (sink, deadline) -> {};
  }

  @Override
  public final void checkWritable(List<PointDefinition> points, PointErrors errors) {
    link().unit().checkWritable(points, errors);
  }

  @Override
  public final void write(PointDefinition point, Value raw, Deadline deadline)
      throws DriverException {
    link().unit().write(point, raw, deadline);
  }

  @Override
  public final Inspection inspect() {
    return link().unit().inspect(bus());
  }

  @Override
  public final ModbusUnit unit() {
    return link().unit();
  }

  /** Ends a call that is under way. */
  @Override
  public final void close() {
    if (link != null) {
      link.unit().close();
    }
  }
}
