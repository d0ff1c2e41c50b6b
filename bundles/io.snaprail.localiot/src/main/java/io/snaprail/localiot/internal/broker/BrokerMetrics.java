package io.snaprail.localiot.internal.broker;

import io.snaprail.api.health.MetricSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the broker counts. Safe for any thread. */
final class BrokerMetrics {
  final AtomicInteger connections = new AtomicInteger();
  final LongAdder refused = new LongAdder();
  final LongAdder received = new LongAdder();
  final LongAdder sent = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder discarded = new LongAdder();

  void collect(MetricSource.Collector collector) {
    collector.gauge("snaprail_localiot_connections", "Clients connected now", connections.get());
    collector.counter(
        "snaprail_localiot_refused_total", "Connections that were refused", (double) refused.sum());
    String help = "Messages that went through the local endpoint";
    collector.counter(
        "snaprail_localiot_messages_total", help, (double) received.sum(), "direction", "in");
    collector.counter(
        "snaprail_localiot_messages_total", help, (double) sent.sum(), "direction", "out");
    collector.counter(
        "snaprail_localiot_dropped_total",
        "Messages dropped because a subscriber was too slow",
        (double) dropped.sum());
    collector.counter(
        "snaprail_localiot_discarded_total",
        "Publishes discarded because a client sent more than it may",
        (double) discarded.sum());
  }
}
