package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.mqtt.internal.encoding.ClockSteps;
import io.snaprail.mqtt.internal.encoding.Encodings;
import io.snaprail.mqtt.internal.encoding.TimedEncoding;
import io.snaprail.mqtt.internal.encoding.WallTime;
import io.snaprail.mqtt.internal.telemetry.TopicTemplate;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Whatever a template says, and whatever a device says: what is sent is JSON, or is refused. */
class PayloadsFuzzTest {
  private static final Instant T = Instant.parse("2026-11-21T10:00:00.123Z");

  /** A template as somebody writes it. */
  @FuzzTest
  void template(FuzzedDataProvider data) {
    String device = data.consumeString(20);
    String text = data.consumeString(20);
    TelemetryEncoding encoding;
    try {
      encoding = encoding(Payload.TEMPLATE, data.consumeRemainingAsString(), Payload.ALIAS);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).startsWith("payload.template").contains("expected", "found");
      return;
    }
    check(encoding, device, text, 1.5);
  }

  /** An alias as somebody writes it, and what a device says. */
  @FuzzTest
  void forms(FuzzedDataProvider data) {
    String form = data.pickValue(List.of(Payload.JSON, Payload.VALUES, Payload.SITEWISE));
    double number = data.consumeDouble();
    String device = data.consumeString(20);
    String text = data.consumeString(20);
    TelemetryEncoding encoding;
    try {
      encoding = encoding(form, "", data.consumeRemainingAsString());
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).startsWith("payload.alias").contains("expected", "found");
      return;
    }
    check(encoding, device, text, number);
  }

  /** What lies in the spool. */
  @FuzzTest
  void spooled(FuzzedDataProvider data) {
    TelemetryEncoding encoding =
        new TimedEncoding(
            encoding(Payload.JSON, "", Payload.ALIAS),
            () -> "b",
            new WallTime(Clock.systemUTC(), System::nanoTime, new ClockSteps(true)),
            words -> {});
    byte[] payload = data.consumeRemainingAsBytes();
    try {
      assertThat(encoding.send("t", payload, false)).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(payload[0]).isZero();
    }
  }

  /** A topic as somebody writes it. */
  @FuzzTest
  void topic(FuzzedDataProvider data) {
    String device = data.consumeString(30);
    try {
      String topic =
          TopicTemplate.parse(data.consumeRemainingAsString(), Map.of("gateway", "gw"))
              .topic(device);
      assertThat(topic).isNotEmpty().doesNotContain("+", "#", "\0");
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains("expected", "found");
    }
  }

  private static TelemetryEncoding encoding(String form, String template, String alias) {
    return Encodings.of(
        new Payload(form, template, alias, Duration.ZERO, Payload.MAX_BYTES),
        Map.of("gateway", "gw"));
  }

  private static void check(TelemetryEncoding encoding, String device, String text, double number) {
    List<Sample> samples =
        List.of(
            Sample.good(text, new Value.Text(text), T),
            new Sample(device, new Value.Float64(number), Quality.UNCERTAIN, "why " + text, T),
            Sample.good("f", new Value.Float32((float) number), T),
            Sample.bad("x", "no " + text, T));
    SampleBatch batch = new SampleBatch(device, 1, T, samples);
    try {
      encoding.encode(Cycles.of("t", text, List.of(batch)), (topic, payload) -> checkJson(payload));
    } catch (IllegalArgumentException e) {
      // A template may be so long that a message is too large.
      assertThat(e.getMessage()).contains("bytes at most");
    }
  }

  /** By a parser that somebody else wrote. */
  private static void checkJson(byte[] payload) {
    String json = new String(payload, StandardCharsets.UTF_8);
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      reader.setStrictness(Strictness.STRICT);
      reader.skipValue();
      assertThat(reader.peek()).isEqualTo(JsonToken.END_DOCUMENT);
    } catch (IOException e) {
      throw new UncheckedIOException("found no JSON: " + json, e);
    }
  }
}
