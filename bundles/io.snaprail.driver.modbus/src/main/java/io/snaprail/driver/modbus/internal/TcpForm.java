package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a Modbus TCP device: the settings are those of {@link TcpConfig} and one more. */
@ObjectClassDefinition(
    name = "Modbus TCP device",
    description = "Reads and writes coils and registers over Modbus TCP.")
public interface TcpForm extends TcpConfig, PortForm {
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
