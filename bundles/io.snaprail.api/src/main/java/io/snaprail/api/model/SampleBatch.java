package io.snaprail.api.model;

import java.time.Instant;
import java.util.List;

/**
 * The samples of one device and one cycle, in the order of the device's points.
 *
 * @param device name of the device
 * @param sequence counts the cycles of the device since the gateway started, from 1, without holes;
 *     with the gateway's boot id it identifies every sample in it for good
 * @param receiveTime when the cycle ended, by the gateway's clock
 * @param samples never empty
 */
public record SampleBatch(String device, long sequence, Instant receiveTime, List<Sample> samples) {

  /** Copies the list. */
  public SampleBatch {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("a batch of device '" + device + "' without samples");
    }
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence " + sequence + " is below 1");
    }
  }
}
