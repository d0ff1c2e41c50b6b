package io.snaprail.driver.sml;

import io.snaprail.api.serial.SerialPorts;
import io.snaprail.api.serial.SharedPorts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The ports of the meters of this bundle. */
@Component(service = SmlPorts.class)
public final class SmlPorts {
  private final SharedPorts shared;

  /** Called by the framework. */
  @Activate
  public SmlPorts(@Reference SerialPorts ports) {
    shared = new SharedPorts(ports, "SML");
  }

  SharedPorts shared() {
    return shared;
  }

  /** Called by the framework, after every meter has left. */
  @Deactivate
  public void deactivate() {
    shared.close();
  }
}
