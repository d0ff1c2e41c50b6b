package io.snaprail.sparkplug.internal;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding.Output;
import io.snaprail.sparkplug.internal.wire.DataType;
import io.snaprail.sparkplug.internal.wire.Metric;
import io.snaprail.sparkplug.internal.wire.Payload;
import io.snaprail.sparkplug.internal.wire.Property;
import java.util.List;

/**
 * Samples as they wait in the spool: a payload with names and types, as nobody knows yet which
 * births, aliases and sequence numbers it will meet.
 */
final class Samples {
  /** A value that is not the present one: specification 3.0.0, 6.4.10. */
  static final int STALE = 500;

  private static final int GOOD = 192;
  private static final int BAD = 0;

  // AWS IoT Core takes no more in a message, and neither does the spool's contract.
  private static final int MAX_BYTES = 128 * 1024;

  private Samples() {}

  /** One message a cycle of a device, or more where one would be too large. */
  static void encode(Cycles cycles, Output output) {
    for (SampleBatch batch : cycles.batches()) {
      List<Metric> metrics = batch.samples().stream().map(Samples::metric).toList();
      encode(cycles.topic(), batch.receiveTime().toEpochMilli(), metrics, output);
    }
  }

  private static void encode(String topic, long time, List<Metric> metrics, Output output) {
    byte[] bytes = new Payload(time, Payload.NO_SEQ, metrics).toBytes();
    if (bytes.length <= MAX_BYTES) {
      output.message(topic, bytes);
    } else if (metrics.size() == 1) {
      throw new IllegalArgumentException(
          "point '"
              + metrics.get(0).name()
              + "': expected a message of "
              + MAX_BYTES
              + " bytes at most, found "
              + bytes.length);
    } else {
      int half = metrics.size() / 2;
      encode(topic, time, metrics.subList(0, half), output);
      encode(topic, time, metrics.subList(half, metrics.size()), output);
    }
  }

  private static Metric metric(Sample sample) {
    Value value = sample.value();
    return new Metric(
        sample.point(),
        Metric.NO_ALIAS,
        sample.sourceTime().toEpochMilli(),
        value == null ? DataType.UNKNOWN : DataType.of(value),
        /* historical= */ false,
        value,
        properties(sample));
  }

  /** Quality, and the reason for it. */
  static List<Property> properties(Sample sample) {
    Property quality = new Property(Property.QUALITY, quality(sample.quality()));
    return sample.reason().isEmpty()
        ? List.of(quality)
        : List.of(quality, new Property("reason", sample.reason()));
  }

  /**
   * Sparkplug has three: what is UNCERTAIN has a value that is not to be trusted as the present.
   */
  static int quality(Quality quality) {
    return switch (quality) {
      case GOOD -> GOOD;
      case UNCERTAIN -> STALE;
      case BAD -> BAD;
    };
  }
}
