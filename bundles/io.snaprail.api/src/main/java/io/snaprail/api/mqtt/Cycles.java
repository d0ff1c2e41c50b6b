package io.snaprail.api.mqtt;

import io.snaprail.api.model.SampleBatch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What is encoded together: cycles whose topic is the same, in the order in which they came.
 *
 * @param topic where the uplink's topic template sends them
 * @param boot the gateway's boot id when they were taken; with device and sequence it identifies a
 *     sample for good
 * @param batches 1 or more; each with those samples that are to be sent
 * @param time how far their time stamps can be trusted
 * @param uptime with {@link TimeQuality#UNKNOWN} how long the gateway had been running when the
 *     last of the batches was received, by a clock that is never set; else zero
 */
public record Cycles(
    String topic, String boot, List<SampleBatch> batches, TimeQuality time, Duration uptime) {

  /** Copies the list. */
  public Cycles {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(boot, "boot");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(uptime, "uptime");
    batches = List.copyOf(batches);
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("cycles for '" + topic + "' without a batch");
    }
  }

  /** With time stamps that are right. */
  public static Cycles of(String topic, String boot, List<SampleBatch> batches) {
    return new Cycles(topic, boot, batches, TimeQuality.GOOD, Duration.ZERO);
  }
}
