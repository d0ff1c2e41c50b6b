package io.snaprail.awsiot;

import io.snaprail.api.mqtt.Presence;
import org.osgi.service.metatype.annotations.AttributeDefinition;

/** Settings of a connector, beside those that every uplink has. */
public @interface AwsIotConfig {
  @AttributeDefinition(
      description = "Host, or host:port; in AWS's console under Settings, Device data endpoint")
  String endpoint() default "";

  @AttributeDefinition(description = "Port: 8883, or 443 where only HTTPS gets out")
  int port() default 8883;

  @AttributeDefinition(description = "Name of the thing that this gateway is")
  String thing() default "";

  @AttributeDefinition(description = "MQTT client id; empty for the thing", required = false)
  String client_id() default "";

  @AttributeDefinition(description = "Identity in the certificate store")
  String identity() default "";

  @AttributeDefinition(
      description =
          "Set of trusted roots in the certificate store; empty for the JDK's, which hold"
              + " Amazon's",
      required = false)
  String roots() default "";

  @AttributeDefinition(
      description = "Topic; {{thing}}, {{device}}, {{iccid}} and variables are filled in")
  String topic() default "snaprail/{{thing}}/{{device}}";

  @AttributeDefinition(
      description = "ICCID of the SIM card, for {{iccid}} in the topic",
      required = false)
  String iccid() default "";

  @AttributeDefinition(description = "Variables for the topic, name=value", required = false)
  String[] variables() default {};

  @AttributeDefinition(description = "Keep-alive in seconds, 30..1200")
  int keep_alive_s() default 60;

  @AttributeDefinition(
      description = "Whether AWS forgets the session at disconnect, or keeps it for an hour")
  boolean clean_session() default true;

  @AttributeDefinition(
      description =
          "Name that the endpoint's certificate carries where it is not the host, as with the name"
              + " of a VPC endpoint; empty for the host",
      required = false)
  String tls_server_name() default "";

  @AttributeDefinition(
      description = "HTTP proxy that connects to AWS, host:port; empty for none",
      required = false)
  String proxy() default "";

  @AttributeDefinition(description = "User name for the proxy; empty for none", required = false)
  String proxy_user() default "";

  @AttributeDefinition(
      description = "Name of the proxy's password in the secret store; empty for none",
      required = false)
  String proxy_password_secret() default "";

  @AttributeDefinition(
      description =
          "Topic on which the gateway says that it is online, and AWS that it is not: the last"
              + " will; {{thing}}, {{iccid}} and variables are filled in; empty for none",
      required = false)
  String presence_topic() default "";

  @AttributeDefinition(description = "What is said at connecting")
  String presence_online() default Presence.ONLINE;

  @AttributeDefinition(description = "What is said when the gateway goes or is gone")
  String presence_offline() default Presence.OFFLINE;

  @AttributeDefinition(description = "Quality of service of both, 0 or 1")
  int presence_qos() default 1;

  @AttributeDefinition(
      description = "Whether AWS keeps the last of them; needs iot:RetainPublish in the policy")
  boolean presence_retain() default true;

  @AttributeDefinition(description = "Most messages a second; 0 for no limit")
  int rate_messages() default 100;

  @AttributeDefinition(description = "Most bytes a second; 0 for no limit")
  long rate_bytes() default 524_288;

  @AttributeDefinition(
      name = "Provisioning template",
      description =
          "Fleet provisioning template: registers this gateway, and new certificates at rotation",
      required = false)
  String provisioning_template() default "";

  @AttributeDefinition(
      name = "Provisioning claim",
      description =
          "Identity with the claim certificate by which the identity above is made; empty when"
              + " it is there already",
      required = false)
  String provisioning_claim() default "";

  @AttributeDefinition(
      name = "Provisioning parameters",
      description =
          "Name=value for the template; {{serial}}, {{mac}}, {{hostname}} and {{machine-id}} are"
              + " filled in",
      required = false)
  String[] provisioning_parameters() default {};

  @AttributeDefinition(
      name = "Key type",
      description = "Of the key that provisioning makes: EC_P256, EC_P384, RSA_2048 or RSA_3072")
  String key_type() default "EC_P256";

  @AttributeDefinition(
      name = "Key token",
      description = "Hardware token that makes and keeps the key; empty for a file",
      required = false)
  String key_token() default "";

  @AttributeDefinition(
      name = "Jobs that are allowed",
      description =
          "Operations that AWS IoT Jobs may ask for: rotate-certificate, apply-configuration,"
              + " install-bundle, update-bundle, remove-bundle, rollback-bundle, support-bundle;"
              + " none for no jobs",
      required = false)
  String[] jobs_allow() default {};

  @AttributeDefinition(
      name = "Shadow",
      description =
          "Where points are kept: none, device (a named shadow each) or classic (all in one)")
  String shadow() default "none";

  @AttributeDefinition(
      name = "Shadow: points reported",
      description = "device/point, with * and ?",
      required = false)
  String[] shadow_report() default {"*/*"};

  @AttributeDefinition(
      name = "Shadow: points written",
      description = "Points whose desired values are carried out: device/point, with * and ?",
      required = false)
  String[] shadow_write() default {};

  @AttributeDefinition(
      name = "Shadow: oldest desired value",
      description = "In seconds, 1..86400: older ones are refused after an outage")
  int shadow_desired_max_age_s() default 300;

  @AttributeDefinition(
      name = "Shadow of the gateway",
      description = "Whether version, devices and the ends of certificates are in a shadow")
  boolean shadow_gateway() default false;

  @AttributeDefinition(
      name = "Shadow of the gateway: written",
      description = "Whether devices may be switched and their periods set by that shadow")
  boolean shadow_gateway_write() default false;

  @AttributeDefinition(
      name = "Commands: request topic",
      description =
          "Where requests to read and write come, such as mcc/{{iccid}}/request; empty for none",
      required = false)
  String commands_request_topic() default "";

  @AttributeDefinition(
      name = "Commands: answer topic",
      description = "Where answers go, such as mcc/{{iccid}}/answer",
      required = false)
  String commands_answer_topic() default "";

  @AttributeDefinition(
      name = "Commands: points written",
      description = "Points that requests may write: device/point, with * and ?",
      required = false)
  String[] commands_write() default {};

  @AttributeDefinition(
      name = "Commands: raw Modbus",
      description =
          "Raw requests that are allowed, past every register map: device/operation, such as"
              + " meter/ReadHoldingRegisters or meter/Read*; with * and ?",
      required = false)
  String[] commands_raw() default {};
}
