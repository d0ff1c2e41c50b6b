package io.snaprail.driver.mbus;

import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadOnlyDevice;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.mbus.internal.MbusConfig;
import io.snaprail.driver.mbus.internal.MbusMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A meter on an M-Bus. Only reads. */
@Component(
    name = MbusDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = MbusDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    // A telegram of 255 bytes takes 1.2 s at 2400 baud, and many meters measure once a minute.
    property = {"timeout.ms:Integer=10000", "period.ms:Integer=60000"})
@Designate(ocd = MbusConfig.class, factory = true)
public class MbusDevice implements ReadOnlyDevice, Inspectable {
  static final String PID = "io.snaprail.driver.mbus";

  private final @Nullable MbusMeter meter;
  private final String wrong;

  /** Called by the framework. Opens nothing; wrong settings are told by {@link #bus()}. */
  @Activate
  public MbusDevice(MbusConfig config, @Reference MbusPorts ports) {
    MbusMeter made = null;
    String message = "";
    try {
      made = MbusMeter.of(config, ports.shared());
    } catch (IllegalArgumentException | ComponentException e) {
      message = String.valueOf(e.getMessage());
    }
    meter = made;
    wrong = message;
  }

  /** Called by the framework: ends a call that is under way. */
  @Deactivate
  public final void deactivate() {
    if (meter != null) {
      meter.close();
    }
  }

  private MbusMeter meter() {
    if (meter == null) {
      throw new IllegalArgumentException(wrong);
    }
    return meter;
  }

  @Override
  public final String bus() {
    return meter().bus();
  }

  @Override
  public final ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    return meter().compile(points, errors);
  }

  @Override
  public final Inspection inspect() {
    return meter().inspect();
  }
}
