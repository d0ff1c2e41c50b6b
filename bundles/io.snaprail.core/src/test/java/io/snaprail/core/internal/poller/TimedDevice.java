package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A device whose reads take the time a test says. */
final class TimedDevice implements Device {
  private final String bus;
  private final ManualThreads threads;

  /** How long a read takes. */
  Duration takes = Duration.ZERO;

  /** Whether it answers. */
  boolean away;

  /** When its reads began. */
  final List<Long> reads = new ArrayList<>();

  /** The periods of what was read, as the first point's name. */
  final List<String> read = new ArrayList<>();

  TimedDevice(String bus, ManualThreads threads) {
    this.bus = bus;
    this.threads = threads;
  }

  @Override
  public String bus() {
    return bus;
  }

  @Override
  public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    return (sink, deadline) -> {
      reads.add(threads.nanos());
      read.add(points.get(0).name());
      threads.pass(takes);
      if (away) {
        throw DriverException.noAnswer("no answer", null);
      }
      for (int i = 0; i < points.size(); i++) {
        sink.integer(i, reads.size());
      }
    };
  }

  @Override
  public void checkWritable(List<PointDefinition> points, PointErrors errors) {}

  @Override
  public void write(PointDefinition point, Value raw, Deadline deadline) {
    threads.pass(takes);
  }
}
