package io.snaprail.driver.iec62056;

import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadOnlyDevice;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.iec62056.internal.IecConfig;
import io.snaprail.driver.iec62056.internal.IecMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A meter that is read out by IEC 62056-21. Only reads. */
@Component(
    name = Iec62056Device.PID,
    service = Device.class,
    immediate = true,
    configurationPid = Iec62056Device.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    // A readout of 2,000 characters takes 67 s at 300 baud.
    property = {"timeout.ms:Integer=120000", "period.ms:Integer=300000"})
@Designate(ocd = IecConfig.class, factory = true)
public class Iec62056Device implements ReadOnlyDevice, Inspectable {
  static final String PID = "io.snaprail.driver.iec62056";

  private final @Nullable IecMeter meter;
  private final String wrong;

  /** Called by the framework. Opens nothing; wrong settings are told by {@link #bus()}. */
  @Activate
  public Iec62056Device(IecConfig config, @Reference Iec62056Ports ports) {
    IecMeter made = null;
    String message = "";
    try {
      made = new IecMeter(config, ports.shared());
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

  private IecMeter meter() {
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
