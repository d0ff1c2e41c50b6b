package io.snaprail.sparkplug;

import org.osgi.service.metatype.annotations.AttributeDefinition;

/** Settings of an edge node, beside those that every uplink has. */
public @interface SparkplugConfig {
  @AttributeDefinition(description = "Host name or address of the broker")
  String host() default "";

  @AttributeDefinition(description = "Port, 1..65535")
  int port() default 8883;

  @AttributeDefinition(description = "Use TLS")
  boolean tls() default true;

  @AttributeDefinition(
      description = "Identity in the certificate store to show to the broker; empty for none",
      required = false)
  String identity() default "";

  @AttributeDefinition(
      description = "Set of trusted roots in the certificate store; empty for the JDK's",
      required = false)
  String roots() default "";

  @AttributeDefinition(
      description =
          "Name that the broker's certificate carries where it is not the host; empty for the"
              + " host",
      required = false)
  String tls_server_name() default "";

  @AttributeDefinition(
      description = "HTTP proxy that connects to the broker, host:port; empty for none",
      required = false)
  String proxy() default "";

  @AttributeDefinition(description = "User name for the proxy; empty for none", required = false)
  String proxy_user() default "";

  @AttributeDefinition(
      description = "Name of the proxy's password in the secret store; empty for none",
      required = false)
  String proxy_password_secret() default "";

  @AttributeDefinition(
      description = "MQTT client id; empty for snaprail-<group>-<node>",
      required = false)
  String client_id() default "";

  @AttributeDefinition(description = "User name; empty for none", required = false)
  String user() default "";

  @AttributeDefinition(
      description = "Name of the password in the secret store; empty for none",
      required = false)
  String password_secret() default "";

  @AttributeDefinition(description = "Keep-alive in seconds, 5..1200")
  int keep_alive_s() default 30;

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

  @AttributeDefinition(description = "Most messages a second; 0 for no limit")
  int rate_messages() default 0;

  @AttributeDefinition(description = "Most bytes a second; 0 for no limit")
  long rate_bytes() default 0;
}
