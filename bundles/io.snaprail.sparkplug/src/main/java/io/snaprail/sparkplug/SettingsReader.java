package io.snaprail.sparkplug;

import io.snaprail.api.mqtt.BrokerConfig;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.sparkplug.internal.Names;
import java.util.Map;

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

  static TelemetrySettings telemetry(BrokerConfig broker, TelemetryConfig shared, Names names) {
    if (shared.gzip()) {
      throw new IllegalArgumentException(
          "gzip: expected false, since a Sparkplug payload is not compressed, found 'true'");
    }
    return TelemetrySettings.of(
        shared,
        names.deviceData("{{device}}"),
        Map.of(),
        broker.rate_messages(),
        broker.rate_bytes());
  }

  static MqttSettings connection(
      String uplink, SparkplugConfig config, BrokerConfig broker, Presence presence) {
    String clientId = config.client_id().strip();
    String node = config.group().strip() + "-" + config.node().strip();
    return MqttSettings.of(
        uplink,
        broker,
        clientId.isEmpty() ? "snaprail-" + node : clientId,
        // 5.4: an edge node asks for a clean session.
        /* cleanSession= */ true,
        presence);
  }
}
