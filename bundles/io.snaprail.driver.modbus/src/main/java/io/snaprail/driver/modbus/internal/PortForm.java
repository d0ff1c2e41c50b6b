package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;

/** The port in the forms of devices that usually have 502; see {@link Settings}. */
public interface PortForm {
  /** Port. */
  @AttributeDefinition(
      name = "Port",
      description = "1..65535.",
      min = "1",
      max = "65535",
      defaultValue = "502")
  int port();
}
