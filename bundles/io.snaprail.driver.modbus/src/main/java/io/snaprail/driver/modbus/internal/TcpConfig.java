package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of a Modbus TCP device, beside those that every device has. */
@ObjectClassDefinition(
    name = "Modbus TCP device",
    description = "Reads and writes coils and registers over Modbus TCP.")
public @interface TcpConfig {
  /** Host. */
  @AttributeDefinition(
      name = "Host",
      description = "Name or address of the device or gateway, such as 10.0.0.5.")
  String host() default "";

  /** Port. */
  @AttributeDefinition(name = "Port", description = "1..65535.", min = "1", max = "65535")
  int port() default 502;

  /** Unit. */
  @AttributeDefinition(
      name = "Unit",
      description =
          "Unit identifier, 0..255: the slave behind a gateway; a device that is not a gateway"
              + " mostly answers to 1 or 255.",
      min = "0",
      max = "255")
  int unit() default 1;

  /** Base of addresses. */
  @AttributeDefinition(
      name = "Zero-based addresses",
      description =
          "On: holding:100 is address 100 on the wire. Off: addresses count from 1, so that it is"
              + " 99. Traditional addresses such as 40101 always count from 1.")
  boolean zero_based() default true;

  /** Functions of writes. */
  @AttributeDefinition(
      name = "Always write with functions 15 and 16",
      description = "For devices that know neither function 5 nor 6.")
  boolean write_multiple() default false;

  /** Longest read. */
  @AttributeDefinition(
      name = "Longest read",
      description = "Registers in one read, 1..125; of coils sixteen times as many.",
      min = "1",
      max = "125")
  int max_registers() default 125;

  /** Widest hole. */
  @AttributeDefinition(
      name = "Widest gap",
      description =
          "Unused registers that a read takes along to spare another read, 0..124; of coils"
              + " sixteen times as many. 0 for devices that refuse registers they do not have.",
      min = "0",
      max = "124")
  int max_gap() default 32;

  /** Time to connect. */
  @AttributeDefinition(
      name = "Connect timeout (ms)",
      description = "10..60000; never longer than what the timeout of the device leaves.",
      min = "10",
      max = "60000")
  int connect_timeout_ms() default 3000;
}
