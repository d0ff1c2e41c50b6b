package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Inspection.Fact;
import io.snaprail.api.driver.Inspection.Figure;
import io.snaprail.api.driver.Inspection.Read;
import io.snaprail.api.driver.Inspection.Span;
import io.snaprail.api.driver.Inspection.Use;
import io.snaprail.api.health.MetricSource.Collector;
import io.snaprail.core.internal.poller.Poller;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a device tells of itself and what its plans in use tell, in one. */
final class Inspections {
  private static final Comparator<Read> BY_PLACE =
      Comparator.comparing(Read::area).thenComparingInt(Read::start);

  /** Figures that are round trips in milliseconds. */
  private static final Map<String, String> QUANTILES =
      Map.of("rtt_p50_ms", "0.5", "rtt_p99_ms", "0.99");

  private static final double MILLIS = 1_000;

  private Inspections() {}

  /** Empty when neither the device nor a plan of it tells anything. */
  static Optional<Inspection> of(ManagedDevice device) {
    List<Inspectable> parts = new ArrayList<>();
    add(parts, device.device());
    Poller.Placement placement = device.placement();
    if (placement != null) {
      placement.device().plans().forEach(plan -> add(parts, plan));
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(joined(parts.stream().map(Inspectable::inspect).toList()));
  }

  private static void add(List<Inspectable> parts, Object part) {
    if (part instanceof Inspectable driver) {
      parts.add(driver);
    }
  }

  private static Inspection joined(List<Inspection> parts) {
    List<Fact> facts = new ArrayList<>();
    Map<String, Figure> figures = new LinkedHashMap<>();
    List<Read> reads = new ArrayList<>();
    for (Inspection part : parts) {
      facts.addAll(part.facts());
      part.figures().forEach(figure -> figures.merge(figure.key(), figure, Inspections::sum));
      reads.addAll(part.reads());
    }
    if (parts.size() > 1) {
      reads.sort(BY_PLACE);
    }
    return new Inspection(facts, List.copyOf(figures.values()), reads);
  }

  private static Figure sum(Figure one, Figure other) {
    return new Figure(one.key(), one.label(), one.value() + other.value(), one.unit());
  }

  /** Delivers what is a metric too. */
  static void collect(String device, Inspection inspection, Collector collector) {
    if (!inspection.reads().isEmpty()) {
      collector.gauge(
          "snaprail_device_quarantined_addresses",
          "Addresses that the device refuses, left alone for now",
          quarantined(inspection),
          "device",
          device);
    }
    for (Figure figure : inspection.figures()) {
      String quantile = QUANTILES.get(figure.key());
      if (quantile != null && !Double.isNaN(figure.value())) {
        collector.gauge(
            "snaprail_device_round_trip_seconds",
            "From a request to its answer, of the last answers",
            figure.value() / MILLIS,
            "device",
            device,
            "quantile",
            quantile);
      }
    }
  }

  /** How many addresses the device refuses. */
  static int quarantined(Inspection inspection) {
    return inspection.reads().stream()
        .flatMap(read -> read.spans().stream())
        .filter(span -> span.use() == Use.QUARANTINED)
        .mapToInt(Span::count)
        .sum();
  }
}
