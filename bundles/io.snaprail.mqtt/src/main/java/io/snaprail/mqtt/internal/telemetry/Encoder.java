package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.uplink.Spool;
import java.util.List;
import java.util.function.Supplier;

/** Encodes cycles and puts them into the spool. By one thread at a time. */
final class Encoder {
  private final TelemetryEncoding encoding;
  private final Supplier<String> bootId;
  private final Supplier<Spool.Lane> lane;
  private final Queue queue;
  private final Trouble trouble;

  /** Where it is told that something could not be encoded. */
  record Trouble(Counters counters, UplinkProblems problems) {}

  /**
   * Encodes in the given way.
   *
   * @param bootId of the running gateway
   * @param lane where messages belong now
   */
  Encoder(
      TelemetryEncoding encoding,
      Supplier<String> bootId,
      Supplier<Spool.Lane> lane,
      Queue queue,
      Trouble trouble) {
    this.encoding = encoding;
    this.bootId = bootId;
    this.lane = lane;
    this.queue = queue;
    this.trouble = trouble;
  }

  /** Cycles with the same topic, in their order. */
  void send(String topic, List<SampleBatch> batches) {
    String key = "size:" + topic;
    try {
      encoding.encode(Cycles.of(topic, bootId.get(), batches), this::append);
      trouble.problems().clear(key);
    } catch (IllegalArgumentException e) {
      trouble.counters().reject();
      String devices =
          String.join("', '", batches.stream().map(SampleBatch::device).distinct().toList());
      trouble
          .problems()
          .note(key, "device '" + devices + "', " + e.getMessage() + "; the cycle is not sent");
    }
  }

  private void append(String topic, byte[] payload) {
    long id = queue.spool().append(lane.get(), topic, payload);
    if (id < 0) {
      throw new IllegalArgumentException(
          "spool.bytes: a message of "
              + payload.length
              + " bytes does not fit into the spool, or the spool is full and takes nothing new");
    }
    queue.steps().appended(id);
  }
}
