package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads points of one device back after they were written, each by a plan of its own, so that what
 * is polled is not touched. Used on the lane only.
 */
final class ReadBacks {
  private final Device device;
  private final Map<String, Single> plans = new HashMap<>();

  /** One point's plan; without one the reason. */
  private record Single(@Nullable ReadPlan plan, BatchSink sink, String reason) {}

  ReadBacks(Device device) {
    this.device = device;
  }

  /** Reads a point once and compares; what goes wrong is in the result. */
  Written check(PointDefinition point, Value written, Deadline deadline) {
    try {
      Single single = plans.computeIfAbsent(point.name(), name -> compile(point));
      if (single.plan == null) {
        return new Written.NotRead(single.reason);
      }
      single.sink.clear();
      single.plan.read(single.sink, deadline);
      return compare(point, single.sink, written);
    } catch (DriverException e) {
      return new Written.NotRead(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      // The write has happened all the same, and must not look as if it had not.
      return new Written.NotRead("the driver failed: " + e);
    }
  }

  private Single compile(PointDefinition point) {
    List<String> errors = new ArrayList<>();
    ReadPlan plan = device.compile(List.of(point), (index, message) -> errors.add(message));
    return new Single(
        errors.isEmpty() ? plan : null, new BatchSink(List.of(point)), String.join("; ", errors));
  }

  private static Written compare(PointDefinition point, BatchSink sink, Value written) {
    Sample sample = sink.samples(Instant.EPOCH, null).get(0);
    Value raw = sink.raw(0);
    Value value = sample.value();
    if (raw == null || value == null) {
      return new Written.NotRead(sample.reason());
    }
    return Sameness.holds(point.type(), raw, written)
        ? new Written.Same(value)
        : new Written.Different(raw, value);
  }
}
