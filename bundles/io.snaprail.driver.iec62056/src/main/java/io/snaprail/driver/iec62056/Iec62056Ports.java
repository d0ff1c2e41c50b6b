package io.snaprail.driver.iec62056;

import io.snaprail.api.serial.SerialPorts;
import io.snaprail.api.serial.SharedPorts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The ports of the meters of this bundle. */
@Component(service = Iec62056Ports.class)
public final class Iec62056Ports {
  private final SharedPorts shared;

  /** Called by the framework. */
  @Activate
  public Iec62056Ports(@Reference SerialPorts ports) {
    shared = new SharedPorts(ports, "IEC 62056-21");
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
