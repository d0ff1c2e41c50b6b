package io.snaprail.api.mqtt;

import io.snaprail.api.uplink.Uplink;
import org.osgi.annotation.versioning.ProviderType;

/** A running pipeline from samples over a spool to a broker. */
@ProviderType
public interface TelemetryUplink extends Uplink, MqttConnection {
  /** The connection, for subscriptions and messages of the connector's own. */
  @Override
  MqttSession session();

  /** Ends the connection and releases spool and threads; takes 5 s at most. */
  @Override
  void close();
}
