package io.snaprail.api.mqtt;

import org.osgi.annotation.versioning.ProviderType;

/** Makes connections that carry no telemetry and are no uplinks that people see. */
@ProviderType
public interface MqttConnections {
  /**
   * Starts a connection. Does not block; what is wrong is on the problem board under the
   * connection's name.
   */
  MqttConnection connect(MqttSettings connection);
}
