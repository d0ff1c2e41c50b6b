package io.snaprail.awsiot.internal;

import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.Login;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.api.mqtt.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a connector, checked against what AWS takes.
 *
 * @param name of the uplink
 * @param endpoint where to connect to
 * @param thing the thing that this gateway is
 * @param clientId MQTT client id; policies with thing variables want the thing's name
 * @param identity in the certificate store
 * @param roots set of trusted roots; empty for the JDK's, which hold Amazon's
 * @param line how the connection is made
 */
public record AwsSettings(
    String name,
    AwsEndpoint endpoint,
    String thing,
    String clientId,
    String identity,
    String roots,
    Line line) {

  /**
   * How a connection is made.
   *
   * @param keepAliveS 30..1200
   * @param cleanSession whether AWS forgets subscriptions at disconnect, or keeps them for an hour
   * @param proxy through which AWS is reached; null for straight
   */
  public record Line(int keepAliveS, boolean cleanSession, @Nullable ProxySettings proxy) {
    /** Checks the keep-alive. */
    public Line {
      require(
          keepAliveS >= AwsLimits.KEEP_ALIVE_MIN_S && keepAliveS <= AwsLimits.KEEP_ALIVE_MAX_S,
          "keep.alive.s",
          AwsLimits.KEEP_ALIVE_MIN_S + ".." + AwsLimits.KEEP_ALIVE_MAX_S,
          String.valueOf(keepAliveS));
    }
  }

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
  }

  /** The same for another thing, as which it connects unless a client id is set. */
  public AwsSettings withThing(String name) {
    return new AwsSettings(
        this.name, endpoint, name, clientId.equals(thing) ? name : clientId, identity, roots, line);
  }

  /**
   * How to reach the broker with the claim of fleet provisioning.
   *
   * @param claim identity of the claim
   */
  public MqttSettings claimConnection(String claim) {
    // Many gateways share a claim: each must have an id of its own, or they drop each other.
    String id = "snaprail-" + UUID.randomUUID();
    return connect(name + "-claim", claim, new ClientSettings(id, keepAlive()));
  }

  /**
   * How to reach the broker.
   *
   * @param presence what the gateway says of its coming and going
   */
  public MqttSettings connection(Presence presence) {
    return connect(
        name,
        identity,
        new ClientSettings(clientId, Login.NONE, keepAlive(), line.cleanSession(), presence));
  }

  private MqttSettings connect(String as, String shown, ClientSettings client) {
    return new MqttSettings(
        as,
        endpoint.host(),
        endpoint.port(),
        new TlsSettings(shown, roots, endpoint.alpn(), endpoint.serverName()),
        client,
        line.proxy());
  }

  private Duration keepAlive() {
    return Duration.ofSeconds(line.keepAliveS());
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
