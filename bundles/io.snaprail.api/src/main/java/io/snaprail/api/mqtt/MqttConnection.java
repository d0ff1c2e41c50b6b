package io.snaprail.api.mqtt;

import org.osgi.annotation.versioning.ProviderType;

/** A connection without telemetry, for what is said to a broker once, such as provisioning. */
@ProviderType
public interface MqttConnection extends AutoCloseable {
  /** For subscriptions and messages. */
  MqttSession session();

  /** Ends the connection and its threads; takes 5 s at most. */
  @Override
  void close();
}
