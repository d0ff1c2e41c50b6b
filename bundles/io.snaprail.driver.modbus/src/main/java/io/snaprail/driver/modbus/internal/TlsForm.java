package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a Modbus/TLS device: the settings are those of {@link TcpConfig} and three more. */
@ObjectClassDefinition(
    name = "Modbus/TLS device",
    description =
        "Reads and writes coils and registers over Modbus/TCP Security: encrypted, with"
            + " certificates on both sides.")
public interface TlsForm extends TlsConfig, TcpConfig {
  /** Port. */
  @AttributeDefinition(
      name = "Port",
      description = "1..65535.",
      min = "1",
      max = "65535",
      defaultValue = "802")
  int port();
}
