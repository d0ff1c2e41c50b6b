package io.snaprail.api.mqtt;

import org.osgi.annotation.versioning.ProviderType;

/** Makes telemetry pipelines, for the connectors that add a cloud's own manners. */
@ProviderType
public interface TelemetryUplinks {
  /**
   * Starts a pipeline. Does not block: connecting goes on by itself, and what is wrong is on the
   * problem board and in the uplink's status.
   *
   * @throws IllegalArgumentException when the topic template is wrong; the message names key,
   *     expected and found
   */
  TelemetryUplink open(MqttSettings connection, TelemetrySettings telemetry);
}
