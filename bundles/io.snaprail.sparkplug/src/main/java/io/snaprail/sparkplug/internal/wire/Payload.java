package io.snaprail.sparkplug.internal.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * A payload: specification 3.0.0, 6.4.5.
 *
 * @param timestamp when it was sent, ms since 1970; negative for none
 * @param seq 0..255 in the order of sending; negative where there is none, as in a death
 * @param metrics in their order
 */
public record Payload(long timestamp, int seq, List<Metric> metrics) {
  /** No sequence number. */
  public static final int NO_SEQ = -1;

  /** Most metrics that are read from a stranger. */
  static final int MOST_METRICS = 10_000;

  /** Copies the list. */
  public Payload {
    metrics = List.copyOf(metrics);
  }

  /** As it goes over the wire. */
  public byte[] toBytes() {
    ProtoWriter to = new ProtoWriter();
    if (timestamp >= 0) {
      to.varint(1, timestamp);
    }
    for (Metric metric : metrics) {
      ProtoWriter one = new ProtoWriter();
      metric.write(one);
      to.message(2, one);
    }
    if (seq >= 0) {
      to.varint(3, seq);
    }
    return to.toBytes();
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none; the message says where and why
   */
  public static Payload read(byte[] bytes) {
    ProtoReader from = new ProtoReader(bytes);
    long timestamp = -1;
    int seq = NO_SEQ;
    List<Metric> metrics = new ArrayList<>();
    for (int field = from.field(); field != 0; field = from.field()) {
      switch (field) {
        case 1 -> timestamp = from.varint();
        case 2 -> metrics.add(Metric.read(from.message()));
        case 3 -> seq = (int) from.varint();
        default -> from.skip();
      }
      if (metrics.size() > MOST_METRICS) {
        throw new IllegalArgumentException(
            "payload: expected at most " + MOST_METRICS + " metrics, found more");
      }
    }
    return new Payload(timestamp, seq, metrics);
  }
}
