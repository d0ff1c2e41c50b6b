package io.snaprail.driver.mbus.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of a meter. */
@ObjectClassDefinition(
    name = "M-Bus meter",
    description = "A meter on an M-Bus (EN 13757) behind a level converter.")
public @interface MbusConfig {
  /** Port of the level converter. */
  @AttributeDefinition(
      name = "Port",
      description =
          "Of the level converter: a path such as /dev/ttyUSB0, a name from /dev/serial/by-id,"
              + " tcp://HOST:PORT or rfc2217://HOST:PORT.")
  String port() default "";

  /** Baud rate; 8E1 is the standard's. */
  @AttributeDefinition(
      name = "Baud rate",
      description = "Of this meter. Eight data bits, even parity and one stop bit are fixed.",
      options = {
        @Option(label = "300", value = "300"),
        @Option(label = "600", value = "600"),
        @Option(label = "1200", value = "1200"),
        @Option(label = "2400", value = "2400"),
        @Option(label = "4800", value = "4800"),
        @Option(label = "9600", value = "9600")
      })
  int baud() default 2400;

  /** Address of the meter. */
  @AttributeDefinition(
      name = "Address",
      description =
          "Primary: 0..250, or 254 for the only meter of a bus. Secondary: 8 digits, or 16 with"
              + " manufacturer, version and medium; F stands for any digit.")
  String address() default "";

  /** Whether the meter is reset before it is read. */
  @AttributeDefinition(
      name = "Reset the link",
      description =
          "The link is reset (SND_NKE) before a meter is read by its primary address, and behind it"
              + " by its secondary one, so that it begins with its first telegram. Off for meters"
              + " that do not answer that.")
  boolean reset() default true;

  /** Further requests. */
  @AttributeDefinition(
      name = "Retries",
      description = "Further requests when there was no good answer, 0..5.",
      min = "0",
      max = "5")
  int retries() default 1;

  /** Time beyond the standard's. */
  @AttributeDefinition(
      name = "Longer answer time (ms)",
      description =
          "How much later than EN 13757 allows an answer may come, as over a slow network;"
              + " 0..10000, 0 for the usual 150.",
      min = "0",
      max = "10000")
  int answer_margin_ms() default 0;

  /** Echo of the level converter. */
  @AttributeDefinition(
      name = "Level converter hears itself",
      description = "What is sent comes back and is taken out.")
  boolean echo() default false;
}
