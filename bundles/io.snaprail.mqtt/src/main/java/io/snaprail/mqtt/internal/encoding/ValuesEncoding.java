package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.mqtt.TimeQuality;
import io.snaprail.mqtt.internal.encoding.Packer.Envelope;
import io.snaprail.mqtt.internal.encoding.Packer.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes names and values alone, as consumers like them that know nothing of this gateway:
 *
 * <pre>{@code
 * {"device":"boiler","ts":"2026-11-21T10:00:00.123Z","temperature":21.5,"on":true,
 *  "level":3,"flow":null,"q":{"level":"UNCERTAIN","flow":"BAD"}}
 * }</pre>
 *
 * <ul>
 *   <li>A value that is BAD is null; {@code q} names those that are not GOOD, and is missing when
 *       all are.
 *   <li>All values of a text were true at {@code ts}: those with another time are in a text of
 *       their own.
 *   <li>{@code replayed}, {@code clockMoved} and {@code tsQuality} as in {@link JsonEncoding}.
 *       Nothing tells a text that comes twice from two.
 *   <li>A point that is called as one of these, or begins with an underscore, has an underscore
 *       before its name.
 * </ul>
 */
final class ValuesEncoding implements TelemetryEncoding {
  private static final Set<String> RESERVED =
      Set.of("device", "ts", "tsQuality", "q", "replayed", "clockMoved", "batches");

  private final JsonBuffers buffers = new JsonBuffers();
  private final Envelope envelope;

  ValuesEncoding(Envelope envelope) {
    this.envelope = envelope;
  }

  @Override
  public void encode(Cycles cycles, Output output) {
    JsonBytes json = buffers.take();
    Packer packer = new Packer(json, cycles, envelope, ValuesEncoding::write, output);
    for (SampleBatch batch : cycles.batches()) {
      for (List<Sample> samples : byTime(batch.samples())) {
        packer.add(batch, samples);
      }
    }
    packer.end();
    buffers.give(json);
  }

  @Override
  public List<TelemetryMessage> send(String topic, byte[] payload, boolean replayed) {
    return List.of(TelemetryMessage.of(topic, replayed ? Replayed.mark(payload) : payload));
  }

  private static Iterable<List<Sample>> byTime(List<Sample> samples) {
    Instant first = samples.get(0).sourceTime();
    if (samples.stream().allMatch(sample -> JsonBytes.sameMillis(sample.sourceTime(), first))) {
      return List.of(samples);
    }
    Map<Long, List<Sample>> byTime = new LinkedHashMap<>();
    for (Sample sample : samples) {
      byTime
          .computeIfAbsent(sample.sourceTime().toEpochMilli(), time -> new ArrayList<>())
          .add(sample);
    }
    return byTime.values();
  }

  private static void write(JsonBytes json, Part part) {
    List<Sample> samples = part.samples();
    json.raw("{\"device\":").string(part.batch().device());
    json.raw(",\"ts\":").time(samples.get(0).sourceTime());
    TimeQuality time = part.cycles().time();
    if (time != TimeQuality.GOOD) {
      json.raw(",\"tsQuality\":\"").raw(time.name()).raw("\"");
    }
    boolean allGood = true;
    for (Sample sample : samples) {
      name(json.raw(","), sample);
      json.raw(":").valueOrNull(sample.value());
      allGood &= quality(sample) == Quality.GOOD;
    }
    if (!allGood) {
      qualities(json, samples);
    }
    json.raw("}");
  }

  private static void qualities(JsonBytes json, List<Sample> samples) {
    String comma = ",\"q\":{";
    for (Sample sample : samples) {
      Quality quality = quality(sample);
      if (quality != Quality.GOOD) {
        name(json.raw(comma), sample);
        json.raw(":\"").raw(quality.name()).raw("\"");
        comma = ",";
      }
    }
    json.raw("}");
  }

  private static Quality quality(Sample sample) {
    return JsonBytes.representable(sample.value()) ? sample.quality() : Quality.BAD;
  }

  private static void name(JsonBytes json, Sample sample) {
    String point = sample.point();
    json.raw(RESERVED.contains(point) || point.startsWith("_") ? "\"_" : "\"").text(point);
    json.raw("\"");
  }
}
