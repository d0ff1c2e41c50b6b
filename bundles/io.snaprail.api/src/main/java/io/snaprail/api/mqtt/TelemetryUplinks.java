package io.snaprail.api.mqtt;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Makes telemetry pipelines, for the connectors that add a cloud's own manners. */
@ProviderType
@FunctionalInterface
public interface TelemetryUplinks {
  /**
   * Starts a pipeline. Does not block: connecting goes on by itself, and what is wrong is on the
   * problem board and in the uplink's status.
   *
   * @param encoding how samples become messages; null for the one that the settings name
   * @throws IllegalArgumentException when the topic template is wrong; the message names key,
   *     expected and found
   */
  TelemetryUplink open(
      MqttSettings connection, TelemetrySettings telemetry, @Nullable TelemetryEncoding encoding);

  /** The same with the encoding that the settings name. */
  default TelemetryUplink open(MqttSettings connection, TelemetrySettings telemetry) {
    return open(connection, telemetry, null);
  }
}
