package io.snaprail.driver.serial.internal.sensor;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of the line that a sensor is on. */
public @interface LineConfig {
  /** Port. */
  @AttributeDefinition(
      name = "Port",
      description =
          "A path such as /dev/ttyUSB0, a name from /dev/serial/by-id, tcp://HOST:PORT or"
              + " rfc2217://HOST:PORT.")
  String port() default "";

  /** Baud rate. */
  @AttributeDefinition(
      name = "Baud rate",
      description = "300..921600.",
      min = "300",
      max = "921600")
  int baud() default 9600;

  /** Data bits. */
  @AttributeDefinition(name = "Data bits", description = "5..8.", min = "5", max = "8")
  int data_bits() default 8;

  /** Parity. */
  @AttributeDefinition(
      name = "Parity",
      options = {
        @Option(label = "none", value = "none"),
        @Option(label = "even", value = "even"),
        @Option(label = "odd", value = "odd"),
        @Option(label = "mark", value = "mark"),
        @Option(label = "space", value = "space")
      })
  String parity() default "none";

  /** Stop bits. */
  @AttributeDefinition(
      name = "Stop bits",
      options = {
        @Option(label = "1", value = "1"),
        @Option(label = "1.5", value = "1.5"),
        @Option(label = "2", value = "2")
      })
  String stop_bits() default "1";

  /** Flow control. */
  @AttributeDefinition(
      name = "Flow control",
      options = {
        @Option(label = "none", value = "none"),
        @Option(label = "RTS/CTS", value = "rts-cts"),
        @Option(label = "XON/XOFF", value = "xon-xoff")
      })
  String flow_control() default "none";

  /** RS-485 direction. */
  @AttributeDefinition(
      name = "RS-485 direction",
      description = "Who switches the transmitter of a two-wire line.",
      options = {
        @Option(label = "the adapter, or nobody", value = "none"),
        @Option(label = "the kernel's driver", value = "driver"),
        @Option(label = "the gateway, by RTS", value = "rts")
      })
  String rs485_direction() default "none";

  /** Level of RTS. */
  @AttributeDefinition(name = "RS-485: RTS on while sending")
  boolean rs485_rts_high_on_send() default true;

  /** Delay before sending. */
  @AttributeDefinition(
      name = "RS-485: delay before sending (ms)",
      description = "0..100.",
      min = "0",
      max = "100")
  int rs485_delay_before_ms() default 0;

  /** Delay after sending. */
  @AttributeDefinition(
      name = "RS-485: delay after sending (ms)",
      description = "0..100.",
      min = "0",
      max = "100")
  int rs485_delay_after_ms() default 0;

  /** Echo of the adapter. */
  @AttributeDefinition(
      name = "Adapter hears itself",
      description = "What is sent comes back from the adapter and is taken out.")
  boolean echo() default false;
}
