package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.mqtt.TimeQuality;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Any encoding, with the right times for samples that were taken while the clock was not set: they
 * wait in the spool as they are, and are encoded when they are sent. If the clock has been set by
 * then, in the same boot, their times are corrected; else they are sent as what they are. Fills in
 * what a template leaves open until a text is sent.
 */
public final class TimedEncoding implements TelemetryEncoding {
  // So that no encoding makes more messages of one than an entry may become.
  private static final int MAX_SAMPLES = 100;

  private final TelemetryEncoding inner;
  private final Supplier<String> bootId;
  private final WallTime time;
  private final Consumer<String> trouble;
  private final AtomicReference<String> told = new AtomicReference<>("");

  /**
   * Wraps an encoding.
   *
   * @param bootId of the running gateway
   * @param trouble told in plain words when the clock is not right; an empty text when it is again
   */
  public TimedEncoding(
      TelemetryEncoding inner, Supplier<String> bootId, WallTime time, Consumer<String> trouble) {
    this.inner = inner;
    this.bootId = bootId;
    this.time = time;
    this.trouble = trouble;
  }

  @Override
  public void encode(Cycles cycles, Output output) {
    look();
    List<SampleBatch> batches = cycles.batches();
    int from = 0;
    for (int i = 0; i < batches.size(); i++) {
      SampleBatch batch = batches.get(i);
      if (!WallTime.set(batch.receiveTime())) {
        encode(cycles, batches.subList(from, i), output);
        raw(cycles, batch, output);
        from = i + 1;
      }
    }
    encode(cycles, from == 0 ? batches : batches.subList(from, batches.size()), output);
  }

  private void encode(Cycles cycles, List<SampleBatch> batches, Output output) {
    if (batches.size() == cycles.batches().size()) {
      inner.encode(cycles, output);
    } else if (!batches.isEmpty()) {
      inner.encode(Cycles.of(cycles.topic(), cycles.boot(), batches), output);
    }
  }

  private void raw(Cycles cycles, SampleBatch batch, Output output) {
    List<Sample> samples = batch.samples();
    for (int at = 0; at < samples.size(); at += MAX_SAMPLES) {
      List<Sample> some = samples.subList(at, Math.min(samples.size(), at + MAX_SAMPLES));
      output.message(
          cycles.topic(),
          new RawBatch(cycles.boot(), time.unset(), with(batch, Duration.ZERO, some)).bytes());
    }
  }

  @Override
  public List<TelemetryMessage> send(String topic, byte[] payload, boolean replayed) {
    if (Unfinished.is(payload)) {
      return inner.send(topic, Unfinished.finish(payload, replayed), replayed);
    }
    if (!RawBatch.is(payload)) {
      return inner.send(topic, payload, replayed);
    }
    List<TelemetryMessage> messages = new ArrayList<>();
    inner.encode(
        cycles(topic, RawBatch.parse(payload)),
        (to, encoded) -> messages.addAll(send(to, encoded, replayed)));
    return messages;
  }

  private Cycles cycles(String topic, RawBatch raw) {
    SampleBatch batch = raw.batch();
    if (raw.boot().equals(bootId.get()) && time.set()) {
      Duration shift = Duration.ofNanos(time.now() - raw.offset());
      SampleBatch shifted = with(batch, shift, batch.samples());
      return new Cycles(topic, raw.boot(), List.of(shifted), TimeQuality.BACKFILLED, Duration.ZERO);
    }
    Duration uptime = Duration.ofNanos(WallTime.nanos(batch.receiveTime()) - raw.offset());
    return new Cycles(topic, raw.boot(), List.of(batch), TimeQuality.UNKNOWN, uptime);
  }

  private static SampleBatch with(SampleBatch batch, Duration shift, List<Sample> samples) {
    if (shift.isZero() && samples.size() == batch.samples().size()) {
      return batch;
    }
    return new SampleBatch(
        batch.device(),
        batch.sequence(),
        batch.receiveTime().plus(shift),
        samples.stream().map(sample -> shifted(sample, shift)).toList());
  }

  /** A device with a clock of its own may know the time when the gateway does not. */
  private static Sample shifted(Sample sample, Duration shift) {
    Instant time = sample.sourceTime();
    return WallTime.set(time)
        ? sample
        : new Sample(
            sample.point(), sample.value(), sample.quality(), sample.reason(), time.plus(shift));
  }

  private void look() {
    String now = time.look();
    if (!now.equals(told.getAndSet(now))) {
      trouble.accept(now);
    }
  }

  @Override
  public boolean needsTime() {
    return inner.needsTime();
  }

  @Override
  public void begin() {
    inner.begin();
  }

  @Override
  public @Nullable TelemetryMessage due() {
    return inner.due();
  }

  @Override
  public boolean ready() {
    return inner.ready() && (!inner.needsTime() || time.set());
  }

  @Override
  public void end() {
    inner.end();
  }
}
