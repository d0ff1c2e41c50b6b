package io.snaprail.driver.sml;

import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadOnlyDevice;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.sml.internal.SmlConfig;
import io.snaprail.driver.sml.internal.SmlMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A meter that sends SML by itself. Only reads. */
@Component(
    name = SmlDevice.PID,
    service = Device.class,
    immediate = true,
    configurationPid = SmlDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    // Meters send every one to four seconds, and a read waits for that.
    property = {"timeout.ms:Integer=10000", "period.ms:Integer=10000"})
@Designate(ocd = SmlConfig.class, factory = true)
public class SmlDevice implements ReadOnlyDevice, Inspectable {
  static final String PID = "io.snaprail.driver.sml";

  private final @Nullable SmlMeter meter;
  private final String wrong;

  /** Called by the framework. Opens nothing; wrong settings are told by {@link #bus()}. */
  @Activate
  public SmlDevice(SmlConfig config, @Reference SmlPorts ports) {
    SmlMeter made = null;
    String message = "";
    try {
      made = new SmlMeter(config, ports.shared());
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

  private SmlMeter meter() {
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
