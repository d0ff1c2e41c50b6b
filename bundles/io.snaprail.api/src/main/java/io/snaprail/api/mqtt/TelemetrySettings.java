package io.snaprail.api.mqtt;

import io.snaprail.api.uplink.SpoolSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an uplink sends and where.
 *
 * @param topic topic template; {@code {{device}}} and every name in {@code variables} stand for
 *     their values
 * @param variables names and values for the template, such as {@code thing} and {@code iccid}
 * @param devices names of the devices that are sent, {@code *} and {@code ?} as wildcards; empty
 *     for all
 * @param spool how what waits is kept
 */
public record TelemetrySettings(
    String topic, Map<String, String> variables, List<String> devices, SpoolSettings spool) {

  /** Copies the collections. */
  public TelemetrySettings {
    variables = Map.copyOf(variables);
    devices = List.copyOf(devices);
    Objects.requireNonNull(spool, "spool");
  }
}
