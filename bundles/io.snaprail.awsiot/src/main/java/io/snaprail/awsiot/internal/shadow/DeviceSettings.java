package io.snaprail.awsiot.internal.shadow;

import java.util.concurrent.CompletionStage;

/** Changes the configurations of devices. */
@FunctionalInterface
public interface DeviceSettings {
  /**
   * A change.
   *
   * @param device name of the device
   * @param key of its configuration
   * @param value Boolean or Integer
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
