package io.snaprail.sparkplug;

import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.Login;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.sparkplug.internal.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an edge node's settings; each message names key, expected and found. */
final class SettingsReader {
  private SettingsReader() {}

  static Names names(SparkplugConfig config) {
    return new Names(config.group().strip(), config.node().strip());
  }

  static String primaryHost(SparkplugConfig config) {
    String host = config.primary_host().strip();
    if (!host.isEmpty()) {
      Names.checkHost(host);
    }
    return host;
  }

  static TelemetrySettings telemetry(SparkplugConfig config, TelemetryConfig shared, Names names) {
    if (shared.gzip()) {
      throw new IllegalArgumentException(
          "gzip: expected false, since a Sparkplug payload is not compressed, found 'true'");
    }
    return TelemetrySettings.of(
        shared,
        names.deviceData("{{device}}"),
        Map.of(),
        config.rate_messages(),
        config.rate_bytes());
  }

  static MqttSettings connection(String uplink, SparkplugConfig config, Presence presence) {
    String clientId = config.client_id().strip();
    String node = config.group().strip() + "-" + config.node().strip();
    return new MqttSettings(
        uplink,
        config.host().strip(),
        config.port(),
        security(config),
        new ClientSettings(
            clientId.isEmpty() ? "snaprail-" + node : clientId,
            new Login(config.user(), config.password_secret().strip()),
            Duration.ofSeconds(config.keep_alive_s()),
            // 5.4: an edge node asks for a clean session.
            /* cleanSession= */ true,
            presence),
        proxy(config));
  }

  private static @Nullable TlsSettings security(SparkplugConfig config) {
    String identity = config.identity().strip();
    String serverName = config.tls_server_name().strip();
    if (config.tls()) {
      return new TlsSettings(identity, config.roots().strip(), List.of(), serverName);
    }
    if (!identity.isEmpty() || !serverName.isEmpty()) {
      throw new IllegalArgumentException(
          "tls: expected true beside 'identity' and 'tls.server.name', found 'false'");
    }
    return null;
  }

  private static @Nullable ProxySettings proxy(SparkplugConfig config) {
    String proxy = config.proxy().strip();
    return proxy.isEmpty()
        ? null
        : ProxySettings.of(
            proxy, new Login(config.proxy_user(), config.proxy_password_secret().strip()));
  }
}
