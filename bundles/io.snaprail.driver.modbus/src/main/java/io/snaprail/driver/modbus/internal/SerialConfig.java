package io.snaprail.driver.modbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of a Modbus device on a serial port, beside those that every device has. */
public @interface SerialConfig {
  /** Port. */
  @AttributeDefinition(
      name = "Port",
      description =
          "Such as /dev/ttyUSB0; better a name from /dev/serial/by-id, which stays the same when"
              + " the adapter is plugged in elsewhere. Also tcp://HOST:PORT and"
              + " rfc2217://HOST:PORT.")
  String port() default "";

  /** Bits a second. */
  @AttributeDefinition(
      name = "Baud rate",
      description = "300..921600.",
      min = "300",
      max = "921600")
  int baud() default 19_200;

  /** Data bits. */
  @AttributeDefinition(
      name = "Data bits",
      description = "7 or 8; 0 for what is usual: 8 with RTU, 7 with ASCII. RTU needs 8.",
      options = {
        @Option(label = "as usual", value = "0"),
        @Option(label = "7", value = "7"),
        @Option(label = "8", value = "8")
      })
  int data_bits() default 0;

  /** Parity. */
  @AttributeDefinition(
      name = "Parity",
      description = "The specification wants even by default; many devices come with none.",
      options = {
        @Option(label = "none", value = "none"),
        @Option(label = "even", value = "even"),
        @Option(label = "odd", value = "odd"),
        @Option(label = "mark", value = "mark"),
        @Option(label = "space", value = "space")
      })
  String parity() default "even";

  /** Stop bits. */
  @AttributeDefinition(
      name = "Stop bits",
      description = "1 or 2.",
      options = {@Option(label = "1", value = "1"), @Option(label = "2", value = "2")})
  String stop_bits() default "1";

  /** Who switches the transmitter of an RS-485 line. */
  @AttributeDefinition(
      name = "RS-485 direction",
      description =
          "Who switches the transmitter on and off. none: the adapter itself, as most do. driver:"
              + " the kernel's driver of the port. rts: the gateway, by the line RTS.",
      options = {
        @Option(label = "none", value = "none"),
        @Option(label = "driver", value = "driver"),
        @Option(label = "rts", value = "rts")
      })
  String rs485_direction() default "none";

  /** Level of RTS while sending. */
  @AttributeDefinition(
      name = "RTS on while sending",
      description = "Off for adapters that send while RTS is off.")
  boolean rs485_rts_high_on_send() default true;

  /** Pause before the first bit. */
  @AttributeDefinition(
      name = "RS-485 delay before sending (ms)",
      description = "0..100, from switching the transmitter on to the first bit.",
      min = "0",
      max = "100")
  int rs485_delay_before_ms() default 0;

  /** Pause after the last bit. */
  @AttributeDefinition(
      name = "RS-485 delay after sending (ms)",
      description = "0..100, from the last bit to switching the transmitter off.",
      min = "0",
      max = "100")
  int rs485_delay_after_ms() default 0;

  /** Whether the port hears itself. */
  @AttributeDefinition(
      name = "Echo",
      description = "On for adapters that hear what they send: it is taken out of what comes.")
  boolean echo() default false;

  /** Rest after a broadcast. */
  @AttributeDefinition(
      name = "Turnaround after a broadcast (ms)",
      description =
          "0..10000 without a request after a write to all units (unit 0), which none answers, so"
              + " that they can carry it out.",
      min = "0",
      max = "10000")
  int turnaround_ms() default 100;

  /** Unit. */
  @AttributeDefinition(
      name = "Unit",
      description =
          "1..247; 0 writes to all units of the line at once, which none confirms, and cannot be"
              + " read.",
      min = "0",
      max = "247")
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
}
