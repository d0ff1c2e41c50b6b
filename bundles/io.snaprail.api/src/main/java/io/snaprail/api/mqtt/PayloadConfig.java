package io.snaprail.api.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The settings of payloads in JSON, as they stand in an uplink's configuration; a component takes
 * them beside its own.
 */
public @interface PayloadConfig {
  /** Form. */
  @AttributeDefinition(
      description = "Form of the payload",
      options = {
        @Option(label = "json: everything that is known of each value", value = Payload.JSON),
        @Option(label = "values: names and values alone", value = Payload.VALUES),
        @Option(label = "sitewise: for AWS IoT SiteWise", value = Payload.SITEWISE),
        @Option(label = "template: your own", value = Payload.TEMPLATE)
      })
  String payload() default Payload.JSON;

  /** Template. */
  @AttributeDefinition(
      description =
          "With payload template: JSON with {{device}}, {{ts}} and such, and a part"
              + " {{#points}}...{{/points}} that is repeated for each point",
      required = false)
  String payload_template() default "";

  /** Alias. */
  @AttributeDefinition(description = "With payload sitewise: alias of a property", required = false)
  String payload_alias() default Payload.ALIAS;

  /** Time of a batch. */
  @AttributeDefinition(
      description =
          "Cycles are kept for so many milliseconds and sent together, 0..600000; 0: each at once")
  int batch_ms() default 0;

  /** Size of a batch. */
  @AttributeDefinition(description = "Cycles are sent together up to so many bytes, 1024..131072")
  int batch_bytes() default Payload.MAX_BYTES;
}
