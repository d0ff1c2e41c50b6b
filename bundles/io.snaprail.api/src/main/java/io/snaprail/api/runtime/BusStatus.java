package io.snaprail.api.runtime;

import java.util.List;
import java.util.Objects;

/**
 * A bus as it is now. Figures are of the last minute; counts since the first device came to it.
 *
 * @param name as {@link io.snaprail.api.driver.Device#bus()} gives it
 * @param devices names of the devices on it
 * @param use share of the time in which it was in use, 0..1
 * @param probes share of the time in which it was used for devices that are away, 0..1
 * @param lateP99Ms how late 99 of 100 cycles began at most, in ms; NaN before the first
 * @param cycles read cycles
 * @param writes writes
 * @param missedPeriods periods that were merged into the next: nobody read in them
 * @param deadlineMisses cycles that had not ended when their period was over
 */
public record BusStatus(
    String name,
    List<String> devices,
    double use,
    double probes,
    double lateP99Ms,
    long cycles,
    long writes,
    long missedPeriods,
    long deadlineMisses) {
  /** Copies the list. */
  public BusStatus {
    Objects.requireNonNull(name, "name");
    devices = List.copyOf(devices);
  }
}
