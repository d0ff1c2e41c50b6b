package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;

/** How many requests may be under way, in the forms of devices that can have several. */
public interface WindowForm {
  /** Window; see {@link Settings#OUTSTANDING}. */
  @AttributeDefinition(
      name = "Requests at once",
      description =
          "1..16 that the device has before it at the same time. More than 1 only for devices that"
              + " can: it hides the time that requests and answers travel.",
      min = "1",
      max = "16",
      defaultValue = "1")
  int max_outstanding();
}
