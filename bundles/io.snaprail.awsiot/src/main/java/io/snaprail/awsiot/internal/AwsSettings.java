package io.snaprail.awsiot.internal;

import io.snaprail.api.mqtt.MqttSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Settings of a connector, checked against what AWS takes.
 *
 * @param name of the uplink
 * @param endpoint where to connect to
 * @param thing the thing that this gateway is
 * @param clientId MQTT client id; policies with thing variables want the thing's name
 * @param identity in the certificate store
 * @param roots set of trusted roots; empty for the JDK's, which hold Amazon's
 * @param keepAliveS 30..1200
 */
public record AwsSettings(
    String name,
    AwsEndpoint endpoint,
    String thing,
    String clientId,
    String identity,
    String roots,
    int keepAliveS) {

  /** Checks each setting; messages name key, expected and found. */
  public AwsSettings {
    require(
        AwsLimits.THING_NAME.matcher(thing).matches(),
        "thing",
        "1..128 letters, digits, ':', '_', '-'",
        thing);
    int bytes = clientId.getBytes(StandardCharsets.UTF_8).length;
    require(
        bytes >= 1 && bytes <= AwsLimits.ID_BYTES && !clientId.startsWith("$"),
        "client.id",
        "1.." + AwsLimits.ID_BYTES + " bytes that do not start with '$'",
        clientId);
    require(
        !identity.isEmpty(),
        "identity",
        "an identity in the certificate store: AWS IoT Core wants a client certificate",
        identity);
    require(
        keepAliveS >= AwsLimits.KEEP_ALIVE_MIN_S && keepAliveS <= AwsLimits.KEEP_ALIVE_MAX_S,
        "keep.alive.s",
        AwsLimits.KEEP_ALIVE_MIN_S + ".." + AwsLimits.KEEP_ALIVE_MAX_S,
        String.valueOf(keepAliveS));
  }

  /** The same for another thing, as which it connects unless a client id is set. */
  public AwsSettings withThing(String name) {
    return new AwsSettings(
        this.name,
        endpoint,
        name,
        clientId.equals(thing) ? name : clientId,
        identity,
        roots,
        keepAliveS);
  }

  /**
   * How to reach the broker with the claim of fleet provisioning.
   *
   * @param claim identity of the claim
   */
  public MqttSettings claimConnection(String claim) {
    return new MqttSettings(
        name + "-claim",
        endpoint.host(),
        endpoint.port(),
        true,
        claim,
        roots,
        endpoint.alpn(),
        // Many gateways share a claim: each must have an id of its own, or they drop each other.
        "snaprail-" + UUID.randomUUID(),
        "",
        "",
        Duration.ofSeconds(keepAliveS),
        true);
  }

  /** How to reach the broker. */
  public MqttSettings connection() {
    return new MqttSettings(
        name,
        endpoint.host(),
        endpoint.port(),
        true,
        identity,
        roots,
        endpoint.alpn(),
        clientId,
        "",
        "",
        Duration.ofSeconds(keepAliveS),
        true);
  }

  /**
   * Names for topics and their values.
   *
   * @param variables more of them, {@code name=value}
   * @param iccid of the gateway's SIM card; empty for none
   */
  public Map<String, String> names(List<String> variables, String iccid) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("thing", thing);
    if (!iccid.isEmpty()) {
      names.put("iccid", iccid);
    }
    variables.forEach(variable -> put(names, variable));
    return names;
  }

  private static void put(Map<String, String> names, String variable) {
    int equals = variable.indexOf('=');
    String name = equals < 0 ? "" : variable.substring(0, equals).strip();
    require(name.matches("[A-Za-z0-9_.-]+"), "variables", "name=value", variable);
    require(
        names.put(name, variable.substring(equals + 1).strip()) == null,
        "variables",
        "each name once, and neither 'thing' nor 'iccid' where that is set",
        variable);
  }

  private static void require(boolean valid, String key, String expected, String found) {
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
