package io.snaprail.api.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;

/**
 * How an uplink reaches a broker of one's own, as it stands in its configuration; a component takes
 * it beside its own settings. {@link MqttSettings#of} reads it.
 */
public @interface BrokerConfig {
  /** Host. */
  @AttributeDefinition(description = "Host name or address of the broker")
  String host() default "";

  /** Port. */
  @AttributeDefinition(description = "Port, 1..65535")
  int port() default 8883;

  /** TLS. */
  @AttributeDefinition(description = "Use TLS")
  boolean tls() default true;

  /** Identity. */
  @AttributeDefinition(
      description = "Identity in the certificate store to show to the broker; empty for none",
      required = false)
  String identity() default "";

  /** Roots. */
  @AttributeDefinition(
      description = "Set of trusted roots in the certificate store; empty for the JDK's",
      required = false)
  String roots() default "";

  /** Name in TLS. */
  @AttributeDefinition(
      description =
          "Name that the broker's certificate carries where it is not the host; empty for the"
              + " host",
      required = false)
  String tls_server_name() default "";

  /** User. */
  @AttributeDefinition(description = "User name; empty for none", required = false)
  String user() default "";

  /** Password. */
  @AttributeDefinition(
      description = "Name of the password in the secret store; empty for none",
      required = false)
  String password_secret() default "";

  /** Keep-alive. */
  @AttributeDefinition(description = "Keep-alive in seconds, 5..1200")
  int keep_alive_s() default 30;

  /** Proxy. */
  @AttributeDefinition(
      description = "HTTP proxy that connects to the broker, host:port; empty for none",
      required = false)
  String proxy() default "";

  /** The proxy's user. */
  @AttributeDefinition(description = "User name for the proxy; empty for none", required = false)
  String proxy_user() default "";

  /** The proxy's password. */
  @AttributeDefinition(
      description = "Name of the proxy's password in the secret store; empty for none",
      required = false)
  String proxy_password_secret() default "";

  /** Messages. */
  @AttributeDefinition(description = "Most messages a second; 0 for no limit")
  int rate_messages() default 0;

  /** Bytes. */
  @AttributeDefinition(description = "Most bytes a second; 0 for no limit")
  long rate_bytes() default 0;
}
