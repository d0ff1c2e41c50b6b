package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Points of one period that are read once, as polling would read them: compiled, scaled, with a
 * quality. Used by one thread at a time.
 */
public final class TrialRead {
  /** A plan that uses no bus needs no time that anybody would notice. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final PollGroup group;

  /**
   * What came of it.
   *
   * @param samples one for each point, in their order
   * @param failure why the device as a whole could not be read; null when it could
   */
  public record Outcome(List<Sample> samples, @Nullable DriverException failure) {}

  /** Compiles the points, at least one; those that cannot be read are BAD with the reason. */
  public TrialRead(Device device, List<PointDefinition> points, Duration period) {
    group =
        new PollGroup(
            device, new PolledDevice.PointGroup(period, points), error -> {}, new Phase(0, 0, 0));
  }

  /** Whether there is anything to be asked. */
  public boolean readable() {
    return group.readable();
  }

  /** Reads once, on the bus. */
  public Outcome read(Deadline deadline, Clock clock) {
    try {
      group.read(deadline);
      return new Outcome(group.samples(clock.instant(), null), null);
    } catch (DriverException e) {
      return new Outcome(group.samples(clock.instant(), String.valueOf(e.getMessage())), e);
    }
  }

  /**
   * What a plan delivers when it is read now, as polling would make it of that.
   *
   * @param points as the plan was compiled for
   */
  public static List<Sample> once(List<PointDefinition> points, ReadPlan plan, Clock clock)
      throws DriverException {
    BatchSink sink = new BatchSink(points);
    plan.read(sink, Deadline.in(LONGEST));
    return sink.samples(clock.instant(), null);
  }

  /** The samples when nothing was asked, each with this reason unless it has one of its own. */
  public List<Sample> unread(String reason, Clock clock) {
    return group.away(clock.instant(), reason);
  }
}
