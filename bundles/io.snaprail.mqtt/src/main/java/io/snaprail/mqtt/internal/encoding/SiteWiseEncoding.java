package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TimeQuality;
import io.snaprail.mqtt.internal.encoding.Names.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests as AWS IoT SiteWise takes them (API reference, BatchPutAssetPropertyValue), so
 * that a rule or a function passes them on as they are:
 *
 * <pre>{@code
 * {"entries":[{"entryId":"1","propertyAlias":"/gw/boiler/temperature","propertyValues":[
 *   {"value":{"doubleValue":21.5},"timestamp":{"timeInSeconds":1763719200,
 *    "offsetInNanos":123000000},"quality":"GOOD"}]}]}
 * }</pre>
 *
 * <ul>
 *   <li>At most 10 entries a message and 10 values an entry.
 *   <li>Whole numbers of 32 bits are integerValue, larger ones doubleValue.
 *   <li>BAD samples have no value and are left out.
 *   <li>SiteWise takes no value that is older than 7 days, or of unknown time: such never leave the
 *       spool as telemetry.
 * </ul>
 */
final class SiteWiseEncoding implements TelemetryEncoding {
  private static final int ENTRIES = 10;
  private static final int VALUES = 10;
  private static final String KEY = "payload.alias";
  private static final List<String> NAMES = List.of("device", "point");
  private static final String OPEN = "{\"entries\":[";
  private static final String CLOSE = "]}";

  private final JsonBuffers buffers = new JsonBuffers();
  private final List<Token> alias;
  private final int maxBytes;

  /**
   * Reads the alias template.
   *
   * @throws IllegalArgumentException when it is wrong; the message names key, column, expected and
   *     found
   */
  SiteWiseEncoding(String alias, Map<String, String> variables, int maxBytes) {
    this.alias = parse(alias, variables);
    this.maxBytes = maxBytes;
  }

  private static List<Token> parse(String alias, Map<String, String> variables) {
    List<Token> tokens = new ArrayList<>();
    for (Token token : Names.split(KEY, alias)) {
      Token filled = token.filled(variables);
      if (filled.name() && !NAMES.contains(filled.text())) {
        Set<String> known = new HashSet<>(variables.keySet());
        known.addAll(NAMES);
        throw Names.unknown(KEY, filled, known);
      }
      tokens.add(filled);
    }
    return List.copyOf(tokens);
  }

  @Override
  public boolean needsTime() {
    return true;
  }

  @Override
  public void encode(Cycles cycles, Output output) {
    if (cycles.time() == TimeQuality.UNKNOWN) {
      throw new IllegalArgumentException(
          "AWS IoT SiteWise wants the time, and the gateway's clock was never set in the boot '"
              + cycles.boot()
              + "'");
    }
    JsonBytes json = buffers.take().reset();
    int entries = 0;
    for (Entry entry : entries(cycles)) {
      int before = json.length();
      write(json, entry, entries);
      if (entries > 0 && json.length() + CLOSE.length() > maxBytes) {
        json.truncate(before);
        flush(json, cycles, output);
        write(json, entry, 0);
        entries = 0;
      }
      entries++;
      if (entries == ENTRIES) {
        flush(json, cycles, output);
        entries = 0;
      }
    }
    if (entries > 0) {
      flush(json, cycles, output);
    }
    buffers.give(json);
  }

  private static void flush(JsonBytes json, Cycles cycles, Output output) {
    json.raw(CLOSE);
    output.message(cycles.topic(), json.copy());
    json.reset();
  }

  /** Values of one point. */
  private record Entry(String device, String point, List<Sample> samples) {}

  /** Points in the order in which they come first, values in the order in which they come. */
  private static List<Entry> entries(Cycles cycles) {
    Map<List<String>, Entry> open = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (SampleBatch batch : cycles.batches()) {
      for (Sample sample : batch.samples()) {
        if (JsonBytes.representable(sample.value())) {
          List<String> key = List.of(batch.device(), sample.point());
          Entry entry = open.get(key);
          if (entry == null || entry.samples().size() == VALUES) {
            entry = new Entry(batch.device(), sample.point(), new ArrayList<>(1));
            open.put(key, entry);
            entries.add(entry);
          }
          entry.samples().add(sample);
        }
      }
    }
    return entries;
  }

  private void write(JsonBytes json, Entry entry, int before) {
    json.raw(before == 0 ? OPEN : ",");
    json.raw("{\"entryId\":\"").number(before + 1).raw("\",\"propertyAlias\":\"");
    for (Token token : alias) {
      if (!token.name()) {
        json.text(token.text());
      } else {
        json.text(token.text().equals("device") ? entry.device() : entry.point());
      }
    }
    json.raw("\",\"propertyValues\":[");
    for (int i = 0; i < entry.samples().size(); i++) {
      json.raw(i == 0 ? "" : ",");
      write(json, entry.samples().get(i));
    }
    json.raw("]}");
  }

  private static void write(JsonBytes json, Sample sample) {
    json.raw("{\"value\":{\"").raw(type(sample.value())).raw("\":").valueOrNull(sample.value());
    Instant time = sample.sourceTime();
    json.raw("},\"timestamp\":{\"timeInSeconds\":").number(time.getEpochSecond());
    json.raw(",\"offsetInNanos\":").number(time.getNano());
    json.raw("},\"quality\":\"").raw(sample.quality().name()).raw("\"}");
  }

  private static String type(@Nullable Value value) {
    if (value instanceof Value.Bool) {
      return "booleanValue";
    }
    if (value instanceof Value.Text) {
      return "stringValue";
    }
    return value instanceof Value.Int whole && whole.value() == (int) whole.value()
        ? "integerValue"
        : "doubleValue";
  }
}
