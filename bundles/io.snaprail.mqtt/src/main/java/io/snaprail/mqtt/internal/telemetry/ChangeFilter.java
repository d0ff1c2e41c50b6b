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
    if (!selection.changesOnly()) {
      return batch;
    }
    long now = nanoTime.getAsLong();
    Sent sent = devices.get(batch.device());
    if (sent == null) {
      if (devices.size() >= MAX_DEVICES) {
        devices.clear();
      }
      sent = new Sent();
      sent.all = now;
      devices.put(batch.device(), sent);
    }
    boolean refresh =
        !selection.refresh().isZero() && now - sent.all >= selection.refresh().toNanos();
    if (refresh) {
      sent.all = now;
      sent.samples.clear();
    }
    List<Sample> changed = new ArrayList<>();
    for (Sample sample : batch.samples()) {
      if (changed(sent.samples.get(sample.point()), sample)) {
        sent.samples.put(sample.point(), sample);
        changed.add(sample);
      }
    }
    return changed.isEmpty()
        ? null
        : new SampleBatch(batch.device(), batch.sequence(), batch.receiveTime(), changed);
  }

  private boolean changed(@Nullable Sample before, Sample now) {
    if (before == null
        || before.quality() != now.quality()
        || !before.reason().equals(now.reason())) {
      return true;
    }
    Double was = number(before.value());
    Double is = number(now.value());
    if (was == null || is == null || selection.deadband() == 0) {
      return before.value() == null ? now.value() != null : !before.value().equals(now.value());
    }
    return !(Math.abs(is - was) <= selection.deadband());
  }

  private static @Nullable Double number(@Nullable Value value) {
    if (value == null || value instanceof Value.Text || value instanceof Value.Bool) {
      return null;
    }
    return Double.valueOf(value.text());
  }
}
