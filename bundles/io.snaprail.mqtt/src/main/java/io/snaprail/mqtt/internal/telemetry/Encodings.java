package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetrySettings;

/** The encodings that every uplink has. */
public final class Encodings {
  private Encodings() {}

  /** The one that the settings name. */
  public static TelemetryEncoding of(TelemetrySettings settings) {
    return new JsonEncoding();
  }
}
