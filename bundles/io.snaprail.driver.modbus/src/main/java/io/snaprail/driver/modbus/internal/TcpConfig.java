package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of a Modbus device with a host and a port, beside those that every device has. */
public @interface TcpConfig {
  /** Host. */
  @AttributeDefinition(
      name = "Host",
      description = "Name or address of the device or gateway, such as 10.0.0.5.")
  String host() default "";

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
      name = "Functions of writes",
      description =
          "auto: 5 and 6 for single values, 16 for wider ones. multiple: 15 and 16 always, for"
              + " devices that know neither 5 nor 6. readwrite: registers with 23, which reads them"
              + " back in the same transaction: the write fails when they do not hold what was"
              + " written.",
      options = {
        @Option(label = "Single and multiple (5, 6, 16)", value = "auto"),
        @Option(label = "Always multiple (15, 16)", value = "multiple"),
        @Option(label = "Write and read back at once (23)", value = "readwrite")
      })
  String write_function() default "auto";

  /** The older form. */
  @AttributeDefinition(
      name = "Always write with functions 15 and 16",
      description = "The older form of 'multiple' above; still works.")
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
              + " sixteen times as many. -1: as many as cost no more than the read that is spared,"
              + " measured. 0 for devices that refuse registers they do not have.",
      min = "-1",
      max = "124")
  int max_gap() default -1;

  /** Time to connect. */
  @AttributeDefinition(
      name = "Connect timeout (ms)",
      description = "10..60000; never longer than what the timeout of the device leaves.",
      min = "10",
      max = "60000")
  int connect_timeout_ms() default 3000;

  /** Time for one request. */
  @AttributeDefinition(
      name = "Timeout of a request (ms)",
      description =
          "10..600000, or 0 for the whole timeout of the device. With less than that, a request"
              + " without answer costs its own points only, unless two in a row get none.",
      min = "0",
      max = "600000")
  int request_timeout_ms() default 0;

  /** Rest between requests. */
  @AttributeDefinition(
      name = "Pause between requests (ms)",
      description = "0..10000, from an answer to the next request, for devices that need it.",
      min = "0",
      max = "10000")
  int pause_ms() default 0;

  /** Number of connections. */
  @AttributeDefinition(
      name = "Connections",
      description =
          "1..16 to this host and port; the units are spread over them, and those on different"
              + " connections are asked at the same time.",
      min = "1",
      max = "16")
  int max_connections() default 1;

  /** Idle connection. */
  @AttributeDefinition(
      name = "Close when idle (s)",
      description = "1..86400 seconds without use, or 0 to keep the connection open.",
      min = "0",
      max = "86400")
  int connection_idle_s() default 0;

  /** Whether a connection stays. */
  @AttributeDefinition(
      name = "Keep the connection",
      description =
          "Off: it is closed after each cycle, for devices that take one master only and have"
              + " several.")
  boolean connection_keep() default true;
}
