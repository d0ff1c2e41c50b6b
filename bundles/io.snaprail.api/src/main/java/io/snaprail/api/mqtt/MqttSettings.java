package io.snaprail.api.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How to reach a broker.
 *
 * @param name the uplink's name, for messages, threads and metrics
 * @param host name or address; with TLS the name that its certificate must carry
 * @param port 1..65535
 * @param tls whether to use TLS; without it an identity is an error
 * @param identity identity in the certificate store that the gateway shows; empty for none
 * @param roots set of trusted roots in the certificate store; empty for the JDK's
 * @param alpn application protocols to offer, such as {@code x-amzn-mqtt-ca} on port 443; may be
 *     empty
 * @param clientId MQTT client id, not empty
 * @param user user name; empty for none
 * @param passwordSecret name of the password in the secret store; empty for none
 * @param keepAlive 5..1200 s
 * @param cleanSession whether the broker forgets subscriptions at disconnect
 */
public record MqttSettings(
    String name,
    String host,
    int port,
    boolean tls,
    String identity,
    String roots,
    List<String> alpn,
    String clientId,
    String user,
    String passwordSecret,
    Duration keepAlive,
    boolean cleanSession) {

  /** Checks ranges; each message names the setting, the range and what was found. */
  public MqttSettings {
    require(!name.isBlank(), "name", "a name", name);
    require(!host.isBlank(), "host", "a host name or address", host);
    require(port >= 1 && port <= 65535, "port", "1..65535", port);
    require(tls || identity.isEmpty(), "identity", "none without TLS", identity);
    require(!clientId.isBlank(), "client.id", "not empty", clientId);
    require(user.length() > 0 || passwordSecret.isEmpty(), "user", "a user for the password", user);
    long seconds = keepAlive.toSeconds();
    require(seconds >= 5 && seconds <= 1200, "keep.alive.s", "5..1200", seconds);
    Objects.requireNonNull(roots, "roots");
    alpn = List.copyOf(alpn);
  }

  private static void require(boolean valid, String key, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + found + "'");
    }
  }

  /** The endpoint as people write it, such as {@code mqtts://broker:8883}. */
  public String endpoint() {
    return (tls ? "mqtts://" : "mqtt://") + host + ":" + port;
  }
}
