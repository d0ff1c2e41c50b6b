package io.snaprail.api.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a broker.
 *
 * @param name the uplink's name, for messages, threads and metrics
 * @param host name or address; with TLS the name that its certificate must carry unless {@link
 *     TlsSettings#serverName} is set
 * @param port 1..65535
 * @param security how TLS is done; null for none
 * @param client who the gateway is there
 * @param proxy through which it gets there; null for straight
 */
public record MqttSettings(
    String name,
    String host,
    int port,
    @Nullable TlsSettings security,
    ClientSettings client,
    @Nullable ProxySettings proxy) {

  /** Checks ranges; each message names the setting, the range and what was found. */
  public MqttSettings {
    Checks.require(!name.isBlank(), "name", "a name", name);
    Checks.require(!host.isBlank(), "host", "a host name or address", host);
    Checks.require(port >= 1 && port <= 65535, "port", "1..65535", port);
    Objects.requireNonNull(client, "client");
  }

  /** Straight to the broker. */
  public MqttSettings(
      String name, String host, int port, @Nullable TlsSettings security, ClientSettings client) {
    this(name, host, port, security, client, null);
  }

  /**
   * Reads what stands in a configuration.
   *
   * @param name the uplink's name
   * @param config host, TLS, login, keep-alive and proxy
   * @param clientId MQTT client id
   * @param cleanSession whether the broker forgets the session at disconnect
   * @param presence what is said when the gateway comes and goes
   * @throws IllegalArgumentException when something is wrong; the message names key, expected and
   *     found
   */
  public static MqttSettings of(
      String name, BrokerConfig config, String clientId, boolean cleanSession, Presence presence) {
    String proxy = config.proxy().strip();
    Login proxyLogin = new Login(config.proxy_user(), config.proxy_password_secret().strip());
    return new MqttSettings(
        name,
        config.host().strip(),
        config.port(),
        security(config),
        new ClientSettings(
            clientId,
            new Login(config.user(), config.password_secret().strip()),
            Duration.ofSeconds(config.keep_alive_s()),
            cleanSession,
            presence),
        proxy.isEmpty() ? null : ProxySettings.of(proxy, proxyLogin));
  }

  private static @Nullable TlsSettings security(BrokerConfig config) {
    String identity = config.identity().strip();
    String serverName = config.tls_server_name().strip();
    if (config.tls()) {
      return new TlsSettings(identity, config.roots().strip(), List.of(), serverName);
    }
    Checks.require(
        identity.isEmpty() && serverName.isEmpty(),
        "tls",
        "true beside 'identity' and 'tls.server.name'",
        "false");
    return null;
  }

  /** Whether TLS is used. */
  public boolean tls() {
    return security != null;
  }

  /** Identity in the certificate store that the gateway shows; empty for none. */
  public String identity() {
    return security == null ? "" : security.identity();
  }

  /** Set of trusted roots in the certificate store; empty for the JDK's. */
  public String roots() {
    return security == null ? "" : security.roots();
  }

  /** Application protocols to offer in TLS. */
  public List<String> alpn() {
    return security == null ? List.of() : security.alpn();
  }

  /** The name that the broker's certificate must carry. */
  public String serverName() {
    return security == null || security.serverName().isEmpty() ? host : security.serverName();
  }

  /** MQTT client id. */
  public String clientId() {
    return client.id();
  }

  /** Longest silence before the client shows that it is there. */
  public Duration keepAlive() {
    return client.keepAlive();
  }

  /** The endpoint as people write it, such as {@code mqtts://broker:8883}. */
  public String endpoint() {
    return (tls() ? "mqtts://" : "mqtt://") + host + ":" + port;
  }
}
