package io.snaprail.driver.mbus;

import io.snaprail.api.serial.SerialPorts;
import io.snaprail.api.serial.SharedPorts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The ports that the meters of this bundle share. */
@Component(service = MbusPorts.class)
public final class MbusPorts {
  private final SharedPorts shared;

  /** Called by the framework. */
  @Activate
  public MbusPorts(@Reference SerialPorts ports) {
    shared = new SharedPorts(ports, "M-Bus");
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
