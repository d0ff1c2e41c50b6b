package io.snaprail.api.health;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Contributes metrics to {@code /metrics}. Register it as a service. Called on demand, by one
 * thread at a time; must not block. Names follow the conventions of Prometheus: {@code
 * snaprail_<what>_<unit>}, counters end in {@code _total}.
 */
@ConsumerType
@FunctionalInterface
public interface MetricSource {
  /** Delivers the present figures. */
  void collect(Collector collector);

  /** Takes figures. */
  interface Collector {
    /**
     * A figure that only grows.
     *
     * @param labels name and value in turn
     */
    void counter(String name, String help, double value, String... labels);

    /**
     * A figure that goes up and down.
     *
     * @param labels name and value in turn
     */
    void gauge(String name, String help, double value, String... labels);
  }
}
