package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.Inspection;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.core.internal.poller.Poller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway as everyone else sees it. */
@Component(service = {Gateway.class, MetricSource.class})
public final class GatewayView implements Gateway, MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayView.class);

  private final DeviceRegistry registry;
  private final String bootId = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private final Instant startedAt;

  /** A view of the registry. */
  @Activate
  public GatewayView(BundleContext context, @Reference DeviceRegistry registry) {
    this.registry = registry;
    this.startedAt = started(context.getProperty(RuntimeProperties.STARTED_AT));
  }

  private static Instant started(@Nullable String millis) {
    return millis == null ? Instant.now() : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  @Override
  public String bootId() {
    return bootId;
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public List<DeviceStatus> devices() {
    return registry.all().stream().map(ManagedDevice::status).toList();
  }

  @Override
  public List<BusStatus> buses() {
    return registry.busStatuses();
  }

  @Override
  public Optional<Inspection> inspect(String device) {
    return Optional.ofNullable(registry.find(device)).flatMap(Inspections::of);
  }

  @Override
  public List<PointStatus> points() {
    List<PointStatus> points = new ArrayList<>();
    registry.all().forEach(device -> points.addAll(device.pointStatuses()));
    return List.copyOf(points);
  }

  @Override
  public Optional<PointStatus> point(String device, String point) {
    ManagedDevice found = registry.find(device);
    return found == null ? Optional.empty() : Optional.ofNullable(found.point(point));
  }

  @Override
  public CompletionStage<List<Sample>> read(String name, List<String> points, Duration timeout) {
    ManagedDevice device = registry.find(name);
    if (device == null) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("no device is called '" + name + "'"));
    }
    List<PointDefinition> wanted = new ArrayList<>();
    for (String point : points) {
      PointDefinition found = device.definition(point);
      if (found == null) {
        return CompletableFuture.failedFuture(
            new IllegalArgumentException("device '" + name + "' has no point '" + point + "'"));
      }
      wanted.add(found);
    }
    Poller.Placement placement = device.placement();
    return placement == null
        ? CompletableFuture.failedFuture(
            new IllegalStateException(
                "device '" + name + "' is not in use: " + device.status().message()))
        : bounded(placement.read(wanted), name, timeout);
  }

  private static CompletionStage<List<Sample>> bounded(
      CompletableFuture<List<Sample>> read, String name, Duration timeout) {
    CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
        .execute(() -> read.cancel(false));
    return read.handle(
        (samples, failure) -> {
          if (failure == null) {
            return samples;
          }
          throw new IllegalStateException(
              failure instanceof CancellationException
                  ? "the bus of device '" + name + "' was busy for " + timeout.toMillis() + " ms"
                  : String.valueOf(failure.getMessage()),
              failure);
        });
  }

  @Override
  public void collect(Collector collector) {
    collector.gauge("snaprail_buses", "Buses in use", registry.buses());
    devices().forEach(device -> collect(device, collector));
    buses().forEach(bus -> collect(bus, collector));
    registry.all().forEach(device -> collectInspection(device, collector));
  }

  private static void collectInspection(ManagedDevice device, Collector collector) {
    try {
      Inspections.of(device)
          .ifPresent(inspection -> Inspections.collect(device.name(), inspection, collector));
    } catch (RuntimeException | LinkageError e) {
      // One driver that fails must not cost the figures of all others.
      LOG.debug("Device {} cannot be inspected", device.name(), e);
    }
  }

  private static void collect(BusStatus bus, Collector collector) {
    String[] labels = {"bus", bus.name()};
    collector.gauge(
        "snaprail_bus_use_ratio",
        "Share of the last minute in which it was used",
        bus.use(),
        labels);
    collector.gauge(
        "snaprail_bus_probe_ratio",
        "Share of the last minute in which it was used for devices that are away",
        bus.probes(),
        labels);
    if (!Double.isNaN(bus.lateP99Ms())) {
      collector.gauge(
          "snaprail_bus_late_seconds",
          "How late cycles of the last minute began",
          bus.lateP99Ms() / 1e3,
          "bus",
          bus.name(),
          "quantile",
          "0.99");
    }
    collector.counter("snaprail_bus_cycles_total", "Read cycles", (double) bus.cycles(), labels);
    collector.counter("snaprail_bus_writes_total", "Writes", (double) bus.writes(), labels);
    collector.counter(
        "snaprail_bus_missed_periods_total",
        "Periods merged because the bus was busy",
        (double) bus.missedPeriods(),
        labels);
    collector.counter(
        "snaprail_bus_deadline_misses_total",
        "Cycles that had not ended when their period was over",
        (double) bus.deadlineMisses(),
        labels);
  }

  private static void collect(DeviceStatus device, Collector collector) {
    String[] labels = {"device", device.name()};
    collector.gauge(
        "snaprail_device_online",
        "1 when the device answered in its last cycle",
        device.state() == DeviceStatus.State.ONLINE ? 1 : 0,
        labels);
    collector.counter(
        "snaprail_device_cycles_total", "Cycles, good and bad", (double) device.cycles(), labels);
    collector.counter(
        "snaprail_device_failed_cycles_total",
        "Cycles in which the device could not be read",
        (double) device.failedCycles(),
        labels);
    collector.counter(
        "snaprail_device_missed_periods_total",
        "Periods merged because the bus was busy",
        (double) device.missedPeriods(),
        labels);
    collector.gauge(
        "snaprail_device_read_seconds",
        "How long the last cycle took on the bus",
        device.lastRead().toNanos() / 1e9,
        labels);
    collector.counter(
        "snaprail_device_deadline_misses_total",
        "Cycles that had not ended when their period was over",
        (double) device.deadlineMisses(),
        labels);
  }
}
