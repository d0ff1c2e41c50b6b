package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;

/** Settings that only Modbus/TLS has. */
public @interface TlsConfig {
  /** Identity. */
  @AttributeDefinition(
      name = "Identity",
      description =
          "Identity in the certificate store that is shown to the device: it wants to know with"
              + " whom it speaks.")
  String identity() default "";

  /** Trusted roots. */
  @AttributeDefinition(
      name = "Trusted roots",
      description =
          "Set of roots in the certificate store that the device's certificate must come from;"
              + " empty for the public ones of the JDK.",
      required = false)
  String roots() default "";

  /** Name in the certificate. */
  @AttributeDefinition(
      name = "Server name",
      description =
          "Name or address that the device's certificate must be for; empty for the host.",
      required = false)
  String server_name() default "";
}
