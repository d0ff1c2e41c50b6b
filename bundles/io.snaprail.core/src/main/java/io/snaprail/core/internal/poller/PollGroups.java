package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Sorts a device's points before they are polled. */
public final class PollGroups {
  private PollGroups() {}

  /** Points by their period, shortest first, each group in the order of definition. */
  public static Map<Duration, List<PointDefinition>> byPeriod(
      List<PointDefinition> points, Duration devicePeriod) {
    Map<Duration, List<PointDefinition>> groups = new TreeMap<>();
    for (PointDefinition point : points) {
      Duration period = point.period();
      groups
          .computeIfAbsent(period == null ? devicePeriod : period, p -> new ArrayList<>())
          .add(point);
    }
    return groups;
  }

  /**
   * Leaves out the points that are to be written and cannot be.
   *
   * @param errors takes a message for each: {@code file:line: ...}
   */
  public static List<PointDefinition> writable(
      Device device, List<PointDefinition> points, List<String> errors) {
    return writable(
        device, points, (point, message) -> errors.add(PollGroup.place(point) + message));
  }

  /**
   * Leaves out the points that are to be written and cannot be.
   *
   * @param errors takes a message for each that is to blame
   */
  public static List<PointDefinition> writable(
      Device device, List<PointDefinition> points, BiConsumer<PointDefinition, String> errors) {
    List<PointDefinition> toWrite = points.stream().filter(p -> p.access().writable()).toList();
    if (toWrite.isEmpty()) {
      return points;
    }
    List<PointDefinition> refused = new ArrayList<>();
    try {
      device.checkWritable(
          toWrite,
          (index, message) -> {
            refused.add(toWrite.get(index));
            errors.accept(toWrite.get(index), message);
          });
    } catch (RuntimeException | LinkageError e) {
      errors.accept(toWrite.get(0), "the driver failed on these points: " + e);
      refused.addAll(toWrite);
    }
    return points.stream().filter(p -> !refused.contains(p)).toList();
  }
}
