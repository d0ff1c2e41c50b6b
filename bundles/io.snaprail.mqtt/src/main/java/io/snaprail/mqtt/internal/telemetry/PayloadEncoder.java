package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Encodes the samples of one device and one cycle as one JSON text:
 *
 * <pre>{@code
 * {"device":"boiler","boot":"5f3a9c","seq":12,"ts":"2026-11-21T10:00:00.123Z","values":{
 *   "temperature":{"v":21.5,"q":"GOOD"},
 *   "pressure":{"v":1.2,"q":"GOOD","t":"2026-11-21T09:59:59.900Z"},
 *   "level":{"v":3,"q":"UNCERTAIN","reason":"above its range"},
 *   "flow":{"q":"BAD","reason":"no answer within 1000 ms"}}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code boot} and {@code seq} with the device and the point name a sample for good: who gets
 *       one twice (MQTT QoS 1) drops the second.
 *   <li>{@code ts}: when the values were true in the field, UTC, milliseconds; a value with another
 *       time has its own {@code t}.
 *   <li>{@code v}: a JSON number with the digits that the value has (a 32-bit 0.1 is 0.1), true or
 *       false, or a string; missing exactly when {@code q} is BAD. Whole numbers reach
 *       -2^63..2^63-1: readers that hold numbers as doubles lose digits above 2^53.
 *   <li>{@code q}: GOOD, UNCERTAIN or BAD; {@code reason} exactly when it is not GOOD.
 *   <li>{@code part} and {@code parts} (from 1) where a cycle did not fit into one message.
 * </ul>
 *
 * <p>A text is at most 128 KiB, the limit of AWS IoT Core; a larger cycle is split. Not for several
 * threads.
 */
final class PayloadEncoder {
  /** Largest text, in bytes: AWS IoT Core's limit of a payload. */
  static final int MAX_BYTES = 128 * 1024;

  private final JsonBytes json = new JsonBytes();
  private final Supplier<String> bootId;

  PayloadEncoder(Supplier<String> bootId) {
    this.bootId = bootId;
  }

  /**
   * Encodes a batch.
   *
   * @param payloads takes the texts in order; each array is the taker's own
   * @throws IllegalArgumentException when one sample alone is too large; the message names it
   */
  void encode(SampleBatch batch, Consumer<byte[]> payloads) {
    write(batch, batch.samples(), 1, 1);
    if (json.length() <= MAX_BYTES) {
      payloads.accept(json.copy());
      return;
    }
    List<List<Sample>> parts = split(batch);
    for (int i = 0; i < parts.size(); i++) {
      write(batch, parts.get(i), i + 1, parts.size());
      payloads.accept(json.copy());
    }
  }

  private List<List<Sample>> split(SampleBatch batch) {
    List<List<Sample>> parts = new ArrayList<>();
    split(batch, batch.samples(), parts);
    return parts;
  }

  private void split(SampleBatch batch, List<Sample> samples, List<List<Sample>> parts) {
    // With the longest part numbers that can be, so that the real ones fit as well.
    write(batch, samples, batch.samples().size(), Integer.MAX_VALUE);
    if (json.length() <= MAX_BYTES) {
      parts.add(samples);
    } else if (samples.size() == 1) {
      throw new IllegalArgumentException(
          "point '"
              + samples.get(0).point()
              + "': expected a message of "
              + MAX_BYTES
              + " bytes at most, found "
              + json.length());
    } else {
      int half = samples.size() / 2;
      split(batch, samples.subList(0, half), parts);
      split(batch, samples.subList(half, samples.size()), parts);
    }
  }

  private void write(SampleBatch batch, List<Sample> samples, int part, int parts) {
    Instant time = samples.get(0).sourceTime();
    json.reset();
    json.raw("{\"device\":").string(batch.device());
    json.raw(",\"boot\":").string(bootId.get());
    json.raw(",\"seq\":").raw(Long.toString(batch.sequence()));
    if (parts > 1) {
      json.raw(",\"part\":").raw(Integer.toString(part));
      json.raw(",\"parts\":").raw(Integer.toString(parts));
    }
    json.raw(",\"ts\":").time(time).raw(",\"values\":{");
    long millis = time.toEpochMilli();
    String comma = "";
    for (Sample sample : samples) {
      json.raw(comma).string(sample.point()).raw(":{");
      write(sample);
      if (sample.sourceTime().toEpochMilli() != millis) {
        json.raw(",\"t\":").time(sample.sourceTime());
      }
      json.raw("}");
      comma = ",";
    }
    json.raw("}}");
  }

  private void write(Sample sample) {
    Value value = sample.value();
    if (value == null) {
      json.raw("\"q\":\"BAD\",\"reason\":").string(sample.reason());
    } else if (notFinite(value)) {
      // JSON has no such numbers; the core lets none through.
      json.raw("\"q\":\"BAD\",\"reason\":").string("not a finite number: " + value.text());
    } else {
      json.raw("\"v\":");
      if (value instanceof Value.Text text) {
        json.string(text.value());
      } else {
        json.raw(value.text());
      }
      json.raw(",\"q\":\"").raw(sample.quality().name()).raw("\"");
      if (sample.quality() != Quality.GOOD) {
        json.raw(",\"reason\":").string(sample.reason());
      }
    }
  }

  private static boolean notFinite(Value value) {
    return (value instanceof Value.Float32 f && !Float.isFinite(f.value()))
        || (value instanceof Value.Float64 d && !Double.isFinite(d.value()));
  }
}
