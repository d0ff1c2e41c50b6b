package io.snaprail.core.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Inspection.Use;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.poller.FakeDevice;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.samples.Dispatcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionsTest {
  @TempDir private Path config;
  private DeviceRegistry registry;

  @BeforeEach
  void start() {
    registry = new DeviceRegistry(config, new Dispatcher(), new Board());
  }

  @AfterEach
  void stop() {
    registry.stop();
  }

  /** Tells a fact of itself, and of each plan where it begins. */
  private static final class Telling extends FakeDevice implements Inspectable {
    Telling() {
      super("b");
    }

    @Override
    public Inspection inspect() {
      return new Inspection(List.of(new Inspection.Fact("Unit", "1")), List.of(), List.of());
    }

    @Override
    public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
      return new TellingPlan(Integer.parseInt(points.get(0).address()));
    }
  }

  private record TellingPlan(int start) implements ReadPlan, Inspectable {
    @Override
    public void read(Sink sink, Deadline deadline) {
      sink.integer(0, 1);
    }

    @Override
    public Inspection inspect() {
      Inspection.Span span = new Inspection.Span(start, 2, Use.QUARANTINED, "x: refused");
      return new Inspection(
          List.of(),
          List.of(new Inspection.Figure("quarantined", "Refused", 1, "")),
          List.of(new Inspection.Read("holding", start, 2, List.of(span))));
    }
  }

  /** Inspectable: "reads in one list and figures of the same key added up". */
  @Test
  void whatTheDeviceAndItsPlansTellIsOne() {
    registry.bindDevice(
        new Telling(),
        Map.of(
            "service.id",
            1L,
            "service.pid",
            "drv~d",
            "points",
            new String[] {"x,70,int16", "y,5,int16,,,,,,60s"}));
    await().until(() -> registry.find("d") != null && registry.find("d").placement() != null);

    Inspection inspection = Inspections.of(registry.find("d")).orElseThrow();

    assertThat(inspection.facts()).containsExactly(new Inspection.Fact("Unit", "1"));
    assertThat(inspection.reads()).extracting(Inspection.Read::start).containsExactly(5, 70);
    assertThat(inspection.figures())
        .containsExactly(new Inspection.Figure("quarantined", "Refused", 2, ""));
    assertThat(Inspections.quarantined(inspection)).isEqualTo(4);
  }

  @Test
  void roundTripsAndRefusedAddressesAreMetrics() {
    Map<String, Double> metrics = new TreeMap<>();
    Inspection inspection =
        new Inspection(
            List.of(),
            List.of(
                new Inspection.Figure("rtt_p50_ms", "", 2, "ms"),
                new Inspection.Figure("rtt_p99_ms", "", Double.NaN, "ms"),
                new Inspection.Figure("requests", "", 9, "")),
            new TellingPlan(7).inspect().reads());

    Inspections.collect(
        "d",
        inspection,
        new MetricSource.Collector() {
          @Override
          public void counter(String name, String help, double value, String... labels) {
            throw new AssertionError(name);
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            metrics.put(name + List.of(labels), value);
          }
        });

    assertThat(metrics)
        .containsExactly(
            Map.entry("snaprail_device_quarantined_addresses[device, d]", 2.0),
            Map.entry("snaprail_device_round_trip_seconds[device, d, quantile, 0.5]", 0.002));
  }

  @Test
  void aDeviceThatTellsNothingHasNoInspection() {
    registry.bindDevice(
        new FakeDevice("b"),
        Map.of("service.id", 1L, "service.pid", "drv~d", "points", new String[] {"x,1,int16"}));
    await().until(() -> registry.find("d") != null && registry.find("d").placement() != null);

    assertThat(Inspections.of(registry.find("d"))).isEmpty();
  }
}
