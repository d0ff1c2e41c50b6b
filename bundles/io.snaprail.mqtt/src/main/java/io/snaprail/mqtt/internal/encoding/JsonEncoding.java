package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.mqtt.TimeQuality;
import io.snaprail.mqtt.internal.encoding.Packer.Envelope;
import io.snaprail.mqtt.internal.encoding.Packer.Part;
import java.time.Instant;
import java.util.List;

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
 *   <li>{@code replayed}: true, at the start, where it has waited or may come a second time.
 *   <li>{@code clockMoved}: at the start, where the clock was moved while it waited; see {@link
 *       ClockSteps}.
 *   <li>{@code tsQuality}: only where the clock was not set: BACKFILLED, the times have been
 *       corrected since; UNKNOWN, they have not, and {@code up} tells how many ms the gateway had
 *       been running.
 *   <li>Several cycles in one message are {@code {"batches":[...]}}.
 * </ul>
 *
 * <p>A text is at most 128 KiB, the limit of AWS IoT Core; a larger cycle is split.
 */
final class JsonEncoding implements TelemetryEncoding {
  private final JsonBuffers buffers = new JsonBuffers();
  private final Envelope envelope;

  JsonEncoding(Envelope envelope) {
    this.envelope = envelope;
  }

  @Override
  public void encode(Cycles cycles, Output output) {
    JsonBytes json = buffers.take();
    Packer packer = new Packer(json, cycles, envelope, JsonEncoding::write, output);
    for (SampleBatch batch : cycles.batches()) {
      packer.add(batch, batch.samples());
    }
    packer.end();
    buffers.give(json);
  }

  @Override
  public List<TelemetryMessage> send(String topic, byte[] payload, boolean replayed) {
    return List.of(TelemetryMessage.of(topic, replayed ? Replayed.mark(payload) : payload));
  }

  private static void write(JsonBytes json, Part part) {
    Cycles cycles = part.cycles();
    List<Sample> samples = part.samples();
    Instant time = samples.get(0).sourceTime();
    json.raw("{\"device\":").string(part.batch().device());
    json.raw(",\"boot\":").string(cycles.boot());
    json.raw(",\"seq\":").number(part.batch().sequence());
    if (part.of() > 1) {
      json.raw(",\"part\":").number(part.number()).raw(",\"parts\":").number(part.of());
    }
    json.raw(",\"ts\":").time(time);
    if (cycles.time() != TimeQuality.GOOD) {
      json.raw(",\"tsQuality\":\"").raw(cycles.time().name()).raw("\"");
    }
    if (cycles.time() == TimeQuality.UNKNOWN) {
      json.raw(",\"up\":").number(cycles.uptime().toMillis());
    }
    json.raw(",\"values\":{");
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      json.raw(i == 0 ? "" : ",").string(sample.point()).raw(":{");
      write(json, sample);
      if (!JsonBytes.sameMillis(sample.sourceTime(), time)) {
        json.raw(",\"t\":").time(sample.sourceTime());
      }
      json.raw("}");
    }
    json.raw("}}");
  }

  private static void write(JsonBytes json, Sample sample) {
    Value value = sample.value();
    if (!JsonBytes.representable(value)) {
      // JSON has no number that is not finite; the core lets none through.
      json.raw("\"q\":\"BAD\",\"reason\":");
      json.string(value == null ? sample.reason() : "not a finite number: " + value.text());
    } else {
      json.raw("\"v\":").valueOrNull(value);
      if (sample.quality() == Quality.GOOD) {
        json.raw(",\"q\":\"GOOD\"");
      } else {
        json.raw(",\"q\":\"").raw(sample.quality().name());
        json.raw("\",\"reason\":").string(sample.reason());
      }
    }
  }
}
