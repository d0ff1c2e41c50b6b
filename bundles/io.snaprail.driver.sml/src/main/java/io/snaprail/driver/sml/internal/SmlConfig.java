package io.snaprail.driver.sml.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of a meter. */
@ObjectClassDefinition(
    name = "SML meter",
    description = "An electricity meter that sends SML telegrams by itself, every second or so.")
public @interface SmlConfig {
  /** Port of the optical head. */
  @AttributeDefinition(
      name = "Port",
      description =
          "Of the optical head: a path such as /dev/ttyUSB0, a name from /dev/serial/by-id,"
              + " tcp://HOST:PORT or rfc2217://HOST:PORT.")
  String port() default "";

  /** Baud rate; 8N1 is fixed. */
  @AttributeDefinition(
      name = "Baud rate",
      description = "300..921600; meters in Germany send with 9600.",
      min = "300",
      max = "921600")
  int baud() default 9600;
}
