package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Selection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Leaves out what has not changed since it was last sent. Not for several threads. */
final class ChangeFilter {
  private static final int MAX_DEVICES = 10_000;
  private static final long EARLY_NANOS = 250_000_000;

  private final Selection selection;
  private final LongSupplier nanoTime;
  private final Map<String, Sent> devices = new HashMap<>();

  /** What was last sent of a device, by point. */
  private static final class Sent {
    final Map<String, Sample> samples = new HashMap<>();
    long all;
  }

  ChangeFilter(Selection selection, LongSupplier nanoTime) {
    this.selection = selection;
    this.nanoTime = nanoTime;
  }

  /** What is to be sent of a batch; null for nothing. */
  @Nullable SampleBatch changed(SampleBatch batch) {
    if (selection.everything()) {
      return batch;
    }
    Sent sent = sent(batch.device());
    List<Sample> samples = batch.samples();
    List<Sample> changed = new ArrayList<>(samples.size());
    for (Sample sample : samples) {
      if (due(sent.samples.get(sample.point()), sample)) {
        sent.samples.put(sample.point(), sample);
        changed.add(sample);
      }
    }
    if (changed.size() == samples.size()) {
      return batch;
    }
    return changed.isEmpty()
        ? null
        : new SampleBatch(batch.device(), batch.sequence(), batch.receiveTime(), changed);
  }

  /** What was sent in the present period. */
  private Sent sent(String device) {
    long now = nanoTime.getAsLong();
    Sent sent = devices.get(device);
    if (sent == null) {
      if (devices.size() >= MAX_DEVICES) {
        devices.clear();
      }
      sent = new Sent();
      sent.all = now;
      devices.put(device, sent);
    }
    long period = selection.period().toNanos();
    // A cycle that comes a little early must not wait for the next one.
    long elapsed = now - sent.all + Math.min(period / 10, EARLY_NANOS);
    if (period > 0 && elapsed >= period) {
      // On a grid, so that late cycles do not add up.
      sent.all += elapsed / period * period;
      sent.samples.clear();
    }
    return sent;
  }

  private boolean due(@Nullable Sample before, Sample now) {
    return before == null || (selection.changes() && changed(before, now));
  }

  private boolean changed(Sample before, Sample now) {
    if (before.quality() != now.quality() || !before.reason().equals(now.reason())) {
      return true;
    }
    Value was = before.value();
    Value is = now.value();
    if (was == null || is == null) {
      return (was == null) != (is == null);
    }
    if (selection.deadband() == 0 || !numeric(was) || !numeric(is)) {
      return !was.equals(is);
    }
    return !(Math.abs(is.number() - was.number()) <= selection.deadband());
  }

  private static boolean numeric(Value value) {
    return !(value instanceof Value.Text) && !(value instanceof Value.Bool);
  }
}
