package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.points.Scaling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one cycle reads of one group and turns it into samples: scaled, stamped, with a
 * quality. What the driver did not deliver is BAD. Used by one thread at a time.
 */
final class BatchSink implements Sink {
  private static final String NOT_DELIVERED = "the driver delivered no value for this point";

  private final String[] names;
  private final Scaling[] scalings;
  private final @Nullable Value[] values;
  private final @Nullable String[] reasons;
  private final @Nullable Instant[] times;
  private boolean anyTimes;

  BatchSink(List<PointDefinition> points) {
    int count = points.size();
    names = new String[count];
    scalings = new Scaling[count];
    for (int i = 0; i < count; i++) {
      names[i] = points.get(i).name();
      scalings[i] = new Scaling(points.get(i));
    }
    values = new Value[count];
    reasons = new String[count];
    times = new Instant[count];
  }

  /** Forgets the cycle before. */
  void clear() {
    Arrays.fill(values, null);
    Arrays.fill(reasons, null);
    if (anyTimes) {
      Arrays.fill(times, null);
      anyTimes = false;
    }
  }

  @Override
  public void bool(int index, boolean raw) {
    values[index] = new Value.Bool(raw);
  }

  @Override
  public void integer(int index, long raw) {
    values[index] = scalings[index].toEngineering(raw);
  }

  @Override
  public void float32(int index, float raw) {
    finite(index, scalings[index].toEngineering(raw));
  }

  @Override
  public void float64(int index, double raw) {
    finite(index, scalings[index].toEngineering(raw));
  }

  @Override
  public void text(int index, String raw) {
    values[index] = new Value.Text(Objects.requireNonNull(raw, "raw"));
  }

  @Override
  public void bad(int index, String reason) {
    values[index] = null;
    reasons[index] = reason.isEmpty() ? NOT_DELIVERED : reason;
  }

  @Override
  public void sourceTime(int index, Instant time) {
    times[index] = time;
    anyTimes = true;
  }

  private void finite(int index, Value value) {
    if (Double.isFinite(value.number())) {
      values[index] = value;
    } else {
      bad(index, "the device answered " + value.text() + ", which is no number");
    }
  }

  /**
   * The samples of the cycle.
   *
   * @param otherwise why points that were not delivered are BAD; null when the driver ended well
   */
  List<Sample> samples(Instant now, @Nullable String otherwise) {
    List<Sample> samples = new ArrayList<>(names.length);
    String fallback = otherwise == null ? NOT_DELIVERED : otherwise;
    for (int i = 0; i < names.length; i++) {
      Value value = values[i];
      Instant own = times[i];
      Instant time = own == null ? now : own;
      if (value != null) {
        samples.add(Sample.good(names[i], value, time));
      } else {
        String reason = reasons[i];
        samples.add(Sample.bad(names[i], reason == null ? fallback : reason, time));
      }
    }
    return samples;
  }
}
