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
 * @param selection which of their samples
 * @param spool how what waits is kept
 * @param delivery how fast, and in which order
 */
public record TelemetrySettings(
    String topic,
    Map<String, String> variables,
    List<String> devices,
    Selection selection,
    SpoolSettings spool,
    Delivery delivery) {

  /** Copies the collections. */
  public TelemetrySettings {
    variables = Map.copyOf(variables);
    devices = List.copyOf(devices);
    Objects.requireNonNull(selection, "selection");
    Objects.requireNonNull(spool, "spool");
    Objects.requireNonNull(delivery, "delivery");
  }

  /** Everything, as fast as it goes. */
  public TelemetrySettings(
      String topic, Map<String, String> variables, List<String> devices, SpoolSettings spool) {
    this(topic, variables, devices, Selection.EVERYTHING, spool, Delivery.UNSHAPED);
  }
}
