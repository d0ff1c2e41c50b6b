package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.Device;
import io.snaprail.api.health.Problem;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.core.internal.poller.Poller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A device service that is there: its settings, its points with their current values, and its place
 * on a lane if it is polled.
 */
public final class ManagedDevice {
  private final Device device;
  private final DeviceSettings settings;
  private final String driver;
  private final Map<String, PointDefinition> points = new LinkedHashMap<>();
  private final Map<String, Current> current = new ConcurrentHashMap<>();
  private volatile Poller.@Nullable Placement placement;
  private volatile String trouble = "";
  private final Object retirement = new Object();
  private boolean retired;

  private record Current(Sample sample, long sequence) {}

  ManagedDevice(Device device, DeviceSettings settings, String driver) {
    this.device = device;
    this.settings = settings;
    this.driver = driver;
  }

  Device device() {
    return device;
  }

  DeviceSettings settings() {
    return settings;
  }

  /** Symbolic name of the bundle that makes it. */
  String driver() {
    return driver;
  }

  /** Unique among the devices that are in use. */
  public String name() {
    return settings.name();
  }

  /** Where its problems are reported: its PID, or its name when it has none. */
  String source() {
    return settings.pid().isEmpty() ? "device:" + name() : settings.pid();
  }

  /** Under what its being away is reported. */
  String awaySource() {
    return source() + "#away";
  }

  /** How its configuration is named to people. */
  String shown() {
    return settings.pid().isEmpty()
        ? "device '" + name() + "'"
        : "config/" + settings.pid() + ".json";
  }

  /** A problem of it. */
  Problem error(String message) {
    return new Problem(Problem.Severity.ERROR, name(), message);
  }

  /** Defines the points, before the device is placed. */
  void points(List<PointDefinition> definitions) {
    synchronized (points) {
      definitions.forEach(p -> points.put(p.name(), p));
    }
  }

  /** The device is polled from now on. */
  void place(Poller.Placement place) {
    synchronized (retirement) {
      placement = place;
      if (retired) {
        place.halt();
      }
    }
  }

  /** Lets no further call into the driver begin; the device is to be retired soon. */
  void halt() {
    synchronized (retirement) {
      retired = true;
      Poller.Placement place = placement;
      if (place != null) {
        place.halt();
      }
    }
  }

  /** Its place on a lane; null when it is not polled. */
  public Poller.@Nullable Placement placement() {
    return placement;
  }

  /** Ends it for good; the place it had. */
  Poller.@Nullable Placement retire() {
    synchronized (retirement) {
      retired = true;
    }
    Poller.Placement place = placement;
    placement = null;
    return place;
  }

  /** Runs a short task unless the device is retired, and keeps it from being retired meanwhile. */
  void unlessRetired(Runnable task) {
    synchronized (retirement) {
      if (!retired) {
        task.run();
      }
    }
  }

  /** Says why the device cannot be polled; empty when it can. */
  void trouble(String message) {
    trouble = message;
  }

  void current(SampleBatch batch) {
    for (Sample sample : batch.samples()) {
      current.put(sample.point(), new Current(sample, batch.sequence()));
    }
  }

  /** Definition of a point; null when there is none of the name. */
  public @Nullable PointDefinition definition(String point) {
    synchronized (points) {
      return points.get(point);
    }
  }

  /** A point as it is now; null when there is none of the name. */
  public @Nullable PointStatus point(String point) {
    PointDefinition definition = definition(point);
    return definition == null ? null : status(definition);
  }

  /** Every point as it is now, in the order of definition. */
  public List<PointStatus> pointStatuses() {
    List<PointDefinition> definitions;
    synchronized (points) {
      definitions = new ArrayList<>(points.values());
    }
    return definitions.stream().map(this::status).toList();
  }

  private PointStatus status(PointDefinition definition) {
    Current now = definition.access() == Access.WRITE ? null : current.get(definition.name());
    return new PointStatus(
        name(), definition, now == null ? null : now.sample(), now == null ? 0 : now.sequence());
  }

  /** The device as it is now. */
  public DeviceStatus status() {
    Poller.Placement place = placement;
    if (place == null) {
      boolean disabled = !settings.enabled() && trouble.isEmpty();
      DeviceStatus.State state =
          disabled ? DeviceStatus.State.DISABLED : DeviceStatus.State.MISCONFIGURED;
      String message = disabled ? "switched off in its configuration" : trouble;
      return new DeviceStatus(
          name(),
          driver,
          settings.pid(),
          "",
          state,
          message,
          0,
          settings.period(),
          null,
          0,
          0,
          0,
          0,
          Duration.ZERO);
    }
    var polled = place.device();
    var health = polled.health();
    DeviceStatus.State state =
        !health.known()
            ? DeviceStatus.State.STARTING
            : health.online() ? DeviceStatus.State.ONLINE : DeviceStatus.State.OFFLINE;
    return new DeviceStatus(
        name(),
        driver,
        settings.pid(),
        place.bus(),
        state,
        health.message(),
        polled.usablePoints(),
        settings.period(),
        health.lastAnswer(),
        polled.cycles(),
        polled.failedCycles(),
        polled.missedPeriods(),
        polled.deadlineMisses(),
        health.lastRead());
  }
}
