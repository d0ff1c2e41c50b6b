package io.snaprail.api.mqtt;

import java.util.List;
import java.util.Map;

/**
 * What an uplink sends and where.
 *
 * @param topic topic template; {@code {{device}}} and every name in {@code variables} stand for
 *     their values
 * @param variables names and values for the template, such as {@code thing} and {@code iccid}
 * @param devices names of the devices that are sent, {@code *} and {@code ?} as wildcards; empty
 *     for all
 * @param spoolBytes what may wait at most, 65,536 or more
 */
public record TelemetrySettings(
    String topic, Map<String, String> variables, List<String> devices, long spoolBytes) {

  /** Smallest spool, in bytes. */
  public static final long MIN_SPOOL_BYTES = 65_536;

  /** Copies the collections and checks the size. */
  public TelemetrySettings {
    variables = Map.copyOf(variables);
    devices = List.copyOf(devices);
    if (spoolBytes < MIN_SPOOL_BYTES) {
      throw new IllegalArgumentException(
          "spool.bytes: expected " + MIN_SPOOL_BYTES + " or more, found '" + spoolBytes + "'");
    }
  }
}
