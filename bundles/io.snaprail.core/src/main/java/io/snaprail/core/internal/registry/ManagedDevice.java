package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.Device;
import io.snaprail.api.health.Problem;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.core.internal.poller.Poller;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A device service that is there: its settings, its points with their current values, and its place
 * on a lane if it is polled.
 */
public final class ManagedDevice {
  private final Device device;
  private final DeviceSettings settings;
  private final String driver;

  /** The points in the order of definition. */
  private volatile List<Slot> points = List.of();

  /** The same by name, in the form that takes the least memory. */
  private volatile Map<String, Slot> byName = Map.of();

  /** The last batch of each group of points: the current values. */
  private volatile AtomicReferenceArray<@Nullable SampleBatch> current =
      new AtomicReferenceArray<>(0);

  private volatile Poller.@Nullable Placement placement;
  private volatile String trouble = "";
  private final Object retirement = new Object();
  private boolean retired;

  /** A point, and where its samples are; one that is never read has no group. */
  private record Slot(PointDefinition definition, int group, int index) {
    private static final int NO_GROUP = -1;
  }

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

  /**
   * Defines the points, before the device is placed.
   *
   * @param groups those that are read, as they are read together
   */
  void points(List<PointDefinition> definitions, Collection<List<PointDefinition>> groups) {
    Map<String, Slot> slots = new LinkedHashMap<>();
    definitions.forEach(p -> slots.put(p.name(), new Slot(p, Slot.NO_GROUP, 0)));
    int group = 0;
    for (List<PointDefinition> together : groups) {
      for (int i = 0; i < together.size(); i++) {
        slots.put(together.get(i).name(), new Slot(together.get(i), group, i));
      }
      group++;
    }
    current = new AtomicReferenceArray<>(groups.size());
    points = List.copyOf(slots.values());
    byName = Map.copyOf(slots);
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

  void current(int group, SampleBatch batch) {
    current.set(group, batch);
  }

  /** Definition of a point; null when there is none of the name. */
  public @Nullable PointDefinition definition(String point) {
    Slot slot = byName.get(point);
    return slot == null ? null : slot.definition();
  }

  /** A point as it is now; null when there is none of the name. */
  public @Nullable PointStatus point(String point) {
    Slot slot = byName.get(point);
    return slot == null ? null : status(slot);
  }

  /** Every point as it is now, in the order of definition. */
  public List<PointStatus> pointStatuses() {
    return points.stream().map(this::status).toList();
  }

  private PointStatus status(Slot slot) {
    SampleBatch batch = slot.group() == Slot.NO_GROUP ? null : current.get(slot.group());
    return batch == null
        ? new PointStatus(name(), slot.definition(), null, 0)
        : new PointStatus(
            name(), slot.definition(), batch.samples().get(slot.index()), batch.sequence());
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
