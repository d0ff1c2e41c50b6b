package io.snaprail.mqtt.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetryEncoding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonEncodingTest {
  private static final Instant T = Instant.parse("2026-11-21T10:00:00.123456Z");

  private final TelemetryEncoding encoding = Encodings.of(Payload.DEFAULT, Map.of());

  private List<String> encode(String device, Sample... samples) {
    List<String> texts = new ArrayList<>();
    encoding.encode(
        Cycles.of(
            "t", "b1", List.of(new SampleBatch(device, 12, T.plusSeconds(5), List.of(samples)))),
        (topic, bytes) -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
    return texts;
  }

  @Test
  void writesTheDocumentedForm() {
    List<String> texts =
        encode(
            "boiler",
            Sample.good("temperature", new Value.Float64(21.5), T),
            Sample.good("pressure", new Value.Int(-7), T.minusMillis(1123)),
            new Sample("level", new Value.Int(3), Quality.UNCERTAIN, "above its range", T),
            Sample.bad("flow", "no answer", T));
    assertThat(texts)
        .containsExactly(
            "{\"device\":\"boiler\",\"boot\":\"b1\",\"seq\":12,\"ts\":\"2026-11-21T10:00:00.123Z\","
                + "\"values\":{\"temperature\":{\"v\":21.5,\"q\":\"GOOD\"},"
                + "\"pressure\":{\"v\":-7,\"q\":\"GOOD\",\"t\":\"2026-11-21T09:59:59.000Z\"},"
                + "\"level\":{\"v\":3,\"q\":\"UNCERTAIN\",\"reason\":\"above its range\"},"
                + "\"flow\":{\"q\":\"BAD\",\"reason\":\"no answer\"}}}");
  }

  @Test
  void numbersKeepTheDigitsTheyHave() {
    String text =
        encode(
                "d",
                Sample.good("f", new Value.Float32(0.1f), T),
                Sample.good("big", new Value.Float64(1.5e300), T),
                Sample.good("long", new Value.Int(Long.MIN_VALUE), T),
                Sample.good("on", new Value.Bool(true), T))
            .get(0);
    assertThat(text)
        .contains("\"f\":{\"v\":0.1,")
        .contains("\"big\":{\"v\":1.5E300,")
        .contains("\"long\":{\"v\":-9223372036854775808,")
        .contains("\"on\":{\"v\":true,");
    assertThat(JsonParser.parseString(text).isJsonObject()).isTrue();
  }

  // RFC 8259, 6: JSON has neither NaN nor infinities.
  @Test
  void numbersThatJsonDoesNotHaveAreBad() {
    String text =
        encode(
                "d",
                Sample.good("nan", new Value.Float32(Float.NaN), T),
                Sample.good("inf", new Value.Float64(Double.NEGATIVE_INFINITY), T))
            .get(0);
    JsonObject values = JsonParser.parseString(text).getAsJsonObject().getAsJsonObject("values");
    assertThat(values.getAsJsonObject("nan").get("q").getAsString()).isEqualTo("BAD");
    assertThat(values.getAsJsonObject("inf").has("v")).isFalse();
  }

  @Test
  void everyTextComesBackAsItWas() {
    String nasty = "\"\\\b\f\n\r\t\u0000\u001f\u007fäß€\ud83d\ude00 end";
    String text = encode(nasty, Sample.good(nasty, new Value.Text(nasty), T)).get(0);
    JsonObject json = JsonParser.parseString(text).getAsJsonObject();
    assertThat(json.get("device").getAsString()).isEqualTo(nasty);
    assertThat(json.getAsJsonObject("values").getAsJsonObject(nasty).get("v").getAsString())
        .isEqualTo(nasty);
  }

  @Test
  void loneSurrogateBecomesTheReplacementCharacter() {
    String text = encode("d", Sample.good("x", new Value.Text("a\ud800b"), T)).get(0);
    assertThat(text).contains("\"a\ufffdb\"");
  }

  @Test
  void cycleThatDoesNotFitIsSplitWithoutLoss() {
    Sample[] samples =
        IntStream.range(0, 6000)
            .mapToObj(i -> Sample.good("point-with-a-long-name-" + i, new Value.Int(i), T))
            .toArray(Sample[]::new);
    List<String> texts = encode("d", samples);
    assertThat(texts).hasSizeGreaterThan(1);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      assertThat(texts.get(i).length()).isLessThanOrEqualTo(Payload.MAX_BYTES);
      JsonObject json = JsonParser.parseString(texts.get(i)).getAsJsonObject();
      assertThat(json.get("part").getAsInt()).isEqualTo(i + 1);
      assertThat(json.get("parts").getAsInt()).isEqualTo(texts.size());
      assertThat(json.get("seq").getAsLong()).isEqualTo(12);
      names.addAll(json.getAsJsonObject("values").keySet());
    }
    assertThat(names).hasSize(6000);
  }

  @Test
  void oneSampleThatIsTooLargeIsNamed() {
    Value huge = new Value.Text("x".repeat(Payload.MAX_BYTES));
    assertThatThrownBy(() -> encode("d", Sample.good("blob", huge, T)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("point 'blob': expected a message of 131008 bytes at most");
    assertThat(encode("d", Sample.good("x", new Value.Int(1), T))).hasSize(1);
  }

  @Test
  void timesAreRightAcrossSeconds() {
    for (String time : List.of("1970-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z")) {
      String text = encode("d", Sample.good("x", new Value.Int(1), Instant.parse(time))).get(0);
      assertThat(text).contains("\"ts\":\"" + time + "\"");
    }
  }
}
