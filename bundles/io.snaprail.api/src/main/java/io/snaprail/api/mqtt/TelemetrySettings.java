package io.snaprail.api.mqtt;

import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.UplinkSpool;
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
 * @param payload the form of payloads, unless the uplink has an encoding of its own, and which
 *     cycles go together
 */
public record TelemetrySettings(
    String topic,
    Map<String, String> variables,
    List<String> devices,
    Selection selection,
    SpoolSettings spool,
    Delivery delivery,
    Payload payload) {

  /** Copies the collections. */
  public TelemetrySettings {
    variables = Map.copyOf(variables);
    devices = List.copyOf(devices);
    Objects.requireNonNull(selection, "selection");
    Objects.requireNonNull(spool, "spool");
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(payload, "payload");
  }

  /**
   * Reads what stands in a configuration.
   *
   * @param config the settings that every uplink has
   * @param topic topic template
   * @param variables names and values for it
   * @param messagesPerSecond {@code rate.messages}
   * @param bytesPerSecond {@code rate.bytes}
   * @throws IllegalArgumentException when one is wrong; the message names key, expected and found
   */
  public static TelemetrySettings of(
      TelemetryConfig config,
      String topic,
      Map<String, String> variables,
      int messagesPerSecond,
      long bytesPerSecond) {
    return new TelemetrySettings(
        topic.strip(),
        variables,
        List.of(config.devices()),
        Selection.of(
            config.send().strip(),
            config.send_deadband(),
            config.send_refresh_s(),
            config.send_period_s()),
        spool(config),
        new Delivery(
            config.backlog().strip(),
            config.backlog_share(),
            messagesPerSecond,
            bytesPerSecond,
            config.gzip()),
        Payload.DEFAULT);
  }

  /** The same with other payloads. */
  public TelemetrySettings with(Payload other) {
    return new TelemetrySettings(topic, variables, devices, selection, spool, delivery, other);
  }

  private static SpoolSettings spool(TelemetryConfig config) {
    return new UplinkSpool(
            config.spool_bytes(),
            config.spool_age_h(),
            config.spool_free_disk_bytes(),
            config.spool_full().strip(),
            config.spool_durability().strip(),
            config.spool_memory_bytes())
        .settings();
  }

  /** Everything, as fast as it goes. */
  public TelemetrySettings(
      String topic, Map<String, String> variables, List<String> devices, SpoolSettings spool) {
    this(
        topic, variables, devices, Selection.EVERYTHING, spool, Delivery.UNSHAPED, Payload.DEFAULT);
  }
}
