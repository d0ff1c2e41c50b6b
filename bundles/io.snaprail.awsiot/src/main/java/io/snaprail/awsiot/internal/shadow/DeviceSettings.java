package io.snaprail.awsiot.internal.shadow;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The configurations of devices, as far as the gateway's shadow has to do with them. */
@FunctionalInterface
public interface DeviceSettings {
  /** Key of the deadbands that replace those of the points' rows. */
  String DEADBANDS = "deadbands";

  /** Points whose deadbands are set in the configuration, by the names of their devices. */
  default Map<String, Set<String>> deadbands() {
    return Map.of();
  }

  /**
   * A change.
   *
   * @param device name of the device
   * @param key of its configuration
   * @param value Boolean, Integer, or for {@link #DEADBANDS} a text {@code point=deadband}
   */
  record Change(String device, String key, Object value) {}

  /**
   * Applies a change. Does not block.
   *
   * @param id of the wish, for the audit log
   * @return why it was not applied; empty when it was
   */
  CompletionStage<String> apply(Change change, String id);
}
