package io.snaprail.api.mqtt;

import java.util.Objects;

/**
 * A message as it goes to the broker.
 *
 * @param topic where it goes
 * @param payload what goes; handed over, not to be changed any more
 * @param qos 0 or 1
 * @param retained whether the broker keeps it for later subscribers
 */
@SuppressWarnings("ArrayRecordComponent") // the payload is handed over, not copied: it is large
public record TelemetryMessage(String topic, byte[] payload, int qos, boolean retained) {

  /** Checks the QoS. */
  public TelemetryMessage {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(payload, "payload");
    if (qos < 0 || qos > 1) {
      throw new IllegalArgumentException("qos: expected 0 or 1, found '" + qos + "'");
    }
  }

  /** As telemetry usually goes: QoS 1, not retained. */
  public static TelemetryMessage of(String topic, byte[] payload) {
    return new TelemetryMessage(topic, payload, 1, false);
  }
}
