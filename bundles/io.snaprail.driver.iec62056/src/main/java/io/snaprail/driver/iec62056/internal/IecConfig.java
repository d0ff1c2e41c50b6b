package io.snaprail.driver.iec62056.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of a meter. */
@ObjectClassDefinition(
    name = "IEC 62056-21 meter",
    description = "A meter with an optical or electrical interface of IEC 62056-21, or DSMR P1.")
public @interface IecConfig {
  /** Port of the optical head. */
  @AttributeDefinition(
      name = "Port",
      description =
          "Of the optical head: a path such as /dev/ttyUSB0, a name from /dev/serial/by-id,"
              + " rfc2217://HOST:PORT, or tcp://HOST:PORT for one baud rate.")
  String port() default "";

  /** Who begins. */
  @AttributeDefinition(
      name = "Mode",
      options = {
        @Option(label = "the meter is asked (modes A, B, C)", value = "ask"),
        @Option(label = "the meter sends by itself (mode D, DSMR P1)", value = "listen")
      })
  String mode() default "ask";

  /** First baud rate. */
  @AttributeDefinition(
      name = "Baud rate",
      description =
          "With which the meter is asked, or sends by itself: 300..921600. 300 for modes A to C;"
              + " mode D mostly 2400, DSMR P1 115200.",
      min = "300",
      max = "921600")
  int baud() default 300;

  /** How the baud rate changes. */
  @AttributeDefinition(
      name = "Change of the baud rate",
      description = "After the meter has told who it is.",
      options = {
        @Option(label = "to what the meter offers", value = "meter"),
        @Option(label = "none: the meter is asked to stay at 300", value = "none"),
        @Option(label = "none: the line has one rate, whatever the meter offers", value = "fixed")
      })
  String baud_change() default "meter";

  /** Characters on the line. */
  @AttributeDefinition(
      name = "Characters",
      options = {
        @Option(label = "7E1 (IEC 62056-21)", value = "7e1"),
        @Option(label = "8N1 (DSMR P1 from version 4 on)", value = "8n1"),
        @Option(
            label = "8N1, the parity made here: for converters without 7E1",
            value = "8n1-parity")
      })
  String line() default "7e1";

  /** Address of the device. */
  @AttributeDefinition(
      name = "Device address",
      description = "Of a meter that shares its line, up to 32 characters; empty for any.",
      required = false)
  String address() default "";

  /** Wake-up. */
  @AttributeDefinition(
      name = "Wake-up",
      description = "Zeros are sent for 2.2 s before it is asked, for meters with a battery.")
  boolean wake() default false;

  /** Further attempts. */
  @AttributeDefinition(
      name = "Retries",
      description = "Further readouts when one failed, 0..5.",
      min = "0",
      max = "5")
  int retries() default 1;

  /** Echo of the optical head. */
  @AttributeDefinition(
      name = "Optical head hears itself",
      description = "What is sent comes back and is taken out.")
  boolean echo() default false;
}
