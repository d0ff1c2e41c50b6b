package io.snaprail.sparkplug;

import org.osgi.service.metatype.annotations.AttributeDefinition;

/** Settings of an edge node, beside those of the broker and those that every uplink has. */
public @interface SparkplugConfig {
  @AttributeDefinition(
      description = "MQTT client id; empty for snaprail-<group>-<node>",
      required = false)
  String client_id() default "";

  @AttributeDefinition(description = "Group id, without + / #")
  String group() default "";

  @AttributeDefinition(description = "Edge node id, unique in its group, without + / #")
  String node() default "";

  @AttributeDefinition(
      name = "Primary host",
      description =
          "Host application that is waited for: values are kept until it is online; empty for none",
      required = false)
  String primary_host() default "";

  @AttributeDefinition(
      name = "Commands: points written",
      description = "Points that a host may write: device/point, with * and ?",
      required = false)
  String[] commands_write() default {};

  @AttributeDefinition(
      name = "Commands: oldest",
      description = "In seconds, 0..86400: older ones are refused; 0 for any age")
  int commands_max_age_s() default 60;
}
