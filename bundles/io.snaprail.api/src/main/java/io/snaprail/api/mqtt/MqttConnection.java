package io.snaprail.api.mqtt;

import org.osgi.annotation.versioning.ProviderType;

/** A connection without telemetry, for what is said to a broker once, such as provisioning. */
@ProviderType
public interface MqttConnection extends AutoCloseable {
  /** For subscriptions and messages. */
  MqttSession session();

  /**
   * Ends the connection in good order and makes a new one, or tries at once when there is none.
   * Returns at once.
   *
   * @param reason for the log
   */
  void reconnect(String reason);

  /** Ends the connection and its threads; takes 5 s at most. */
  @Override
  void close();
}
