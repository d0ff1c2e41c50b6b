package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.mqtt.TimeQuality;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
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
 *   <li>{@code tsQuality}: only where the clock was not set: BACKFILLED, the times have been
 *       corrected since; UNKNOWN, they have not, and {@code up} tells how many ms the gateway had
 *       been running.
 * </ul>
 *
 * <p>A text is at most 128 KiB, the limit of AWS IoT Core; a larger cycle is split.
 */
final class JsonEncoding implements TelemetryEncoding {
  /** Largest text, in bytes: AWS IoT Core's limit of a payload. */
  static final int MAX_BYTES = 128 * 1024;

  private static final byte[] REPLAYED = "{\"replayed\":true,".getBytes(StandardCharsets.UTF_8);

  private final JsonBuffers buffers = new JsonBuffers();

  @Override
  public void encode(Cycles cycles, Output output) {
    JsonBytes json = buffers.take();
    for (SampleBatch batch : cycles.batches()) {
      encode(new One(cycles, batch, json), output);
    }
    buffers.give(json);
  }

  @Override
  public List<TelemetryMessage> send(String topic, byte[] payload, boolean replayed) {
    return List.of(TelemetryMessage.of(topic, replayed ? marked(payload) : payload));
  }

  /** Marks a JSON object as one that has waited or may come a second time. */
  private static byte[] marked(byte[] payload) {
    if (payload.length < 3 || payload[0] != '{') {
      return payload;
    }
    byte[] marked = new byte[REPLAYED.length + payload.length - 1];
    System.arraycopy(REPLAYED, 0, marked, 0, REPLAYED.length);
    System.arraycopy(payload, 1, marked, REPLAYED.length, payload.length - 1);
    return marked;
  }

  /** A cycle, and where it is written to. */
  private record One(Cycles cycles, SampleBatch batch, JsonBytes json) {}

  private static void encode(One one, Output output) {
    String topic = one.cycles().topic();
    write(one, one.batch().samples(), 1, 1);
    if (one.json().length() <= MAX_BYTES) {
      output.message(topic, one.json().copy());
      return;
    }
    List<List<Sample>> parts = new ArrayList<>();
    split(one, one.batch().samples(), parts);
    for (int i = 0; i < parts.size(); i++) {
      write(one, parts.get(i), i + 1, parts.size());
      output.message(topic, one.json().copy());
    }
  }

  private static void split(One one, List<Sample> samples, List<List<Sample>> parts) {
    // With the longest part numbers that can be, so that the real ones fit as well.
    write(one, samples, one.batch().samples().size(), Integer.MAX_VALUE);
    if (one.json().length() <= MAX_BYTES) {
      parts.add(samples);
    } else if (samples.size() == 1) {
      throw new IllegalArgumentException(
          "point '"
              + samples.get(0).point()
              + "': expected a message of "
              + MAX_BYTES
              + " bytes at most, found "
              + one.json().length());
    } else {
      int half = samples.size() / 2;
      split(one, samples.subList(0, half), parts);
      split(one, samples.subList(half, samples.size()), parts);
    }
  }

  private static void write(One one, List<Sample> samples, int part, int parts) {
    SampleBatch batch = one.batch();
    Cycles cycles = one.cycles();
    Instant time = samples.get(0).sourceTime();
    JsonBytes json = one.json().reset();
    json.raw("{\"device\":").string(batch.device());
    json.raw(",\"boot\":").string(cycles.boot());
    json.raw(",\"seq\":").number(batch.sequence());
    if (parts > 1) {
      json.raw(",\"part\":").number(part).raw(",\"parts\":").number(parts);
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
      if (!sameMillis(sample.sourceTime(), time)) {
        json.raw(",\"t\":").time(sample.sourceTime());
      }
      json.raw("}");
    }
    json.raw("}}");
  }

  private static boolean sameMillis(Instant a, Instant b) {
    return a.getEpochSecond() == b.getEpochSecond()
        && a.getNano() / 1_000_000 == b.getNano() / 1_000_000;
  }

  private static void write(JsonBytes json, Sample sample) {
    Value value = sample.value();
    if (value == null) {
      json.raw("\"q\":\"BAD\",\"reason\":").string(sample.reason());
    } else if (!JsonBytes.representable(value)) {
      // JSON has no such numbers; the core lets none through.
      json.raw("\"q\":\"BAD\",\"reason\":").string("not a finite number: " + value.text());
    } else {
      json.raw("\"v\":").value(value);
      if (sample.quality() == Quality.GOOD) {
        json.raw(",\"q\":\"GOOD\"");
      } else {
        json.raw(",\"q\":\"").raw(sample.quality().name());
        json.raw("\",\"reason\":").string(sample.reason());
      }
    }
  }
}
