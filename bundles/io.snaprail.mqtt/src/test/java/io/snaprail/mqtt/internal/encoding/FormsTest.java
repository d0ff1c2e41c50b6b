package io.snaprail.mqtt.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TimeQuality;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of payloads beside the first. */
class FormsTest {
  private static final Instant T = Instant.parse("2026-11-21T10:00:00.123456Z");
  private static final Map<String, String> NAMES = Map.of("gateway", "gw", "site", "a\"b");

  private static TelemetryEncoding encoding(String form, String template, int batchMs, int bytes) {
    return Encodings.of(
        new Payload(form, template, Payload.ALIAS, Duration.ofMillis(batchMs), bytes), NAMES);
  }

  private static TelemetryEncoding encoding(String form, String template) {
    return encoding(form, template, 0, Payload.MAX_BYTES);
  }

  private static SampleBatch batch(long sequence, Sample... samples) {
    return new SampleBatch("boiler", sequence, T.plusSeconds(sequence), List.of(samples));
  }

  private static List<String> encode(TelemetryEncoding encoding, SampleBatch... batches) {
    return encode(encoding, Cycles.of("t", "b1", List.of(batches)));
  }

  private static List<String> encode(TelemetryEncoding encoding, Cycles cycles) {
    List<String> texts = new ArrayList<>();
    encoding.encode(cycles, (topic, bytes) -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
    return texts;
  }

  private static Sample number(String point, double value) {
    return Sample.good(point, new Value.Float64(value), T);
  }

  @Test
  void valuesAreNamesAndValuesAloneAndQualityIsKeptWhereItIsNotGood() {
    TelemetryEncoding values = encoding(Payload.VALUES, "");
    assertThat(
            encode(
                values,
                batch(
                    1,
                    number("temperature", 21.5),
                    new Sample("level", new Value.Int(3), Quality.UNCERTAIN, "why", T),
                    Sample.bad("flow", "no answer", T),
                    number("nan", Double.NaN))))
        .containsExactly(
            "{\"device\":\"boiler\",\"ts\":\"2026-11-21T10:00:00.123Z\",\"temperature\":21.5,"
                + "\"level\":3,\"flow\":null,\"nan\":null,"
                + "\"q\":{\"level\":\"UNCERTAIN\",\"flow\":\"BAD\",\"nan\":\"BAD\"}}");
    assertThat(encode(values, batch(1, number("a", 1))).get(0)).doesNotContain("\"q\"");
  }

  @Test
  void valuesOfAnotherTimeAreInATextOfTheirOwn() {
    List<String> texts =
        encode(
            encoding(Payload.VALUES, ""),
            batch(
                1,
                number("a", 1),
                Sample.good("b", new Value.Int(2), T.minusSeconds(9)),
                number("c", 3)));
    assertThat(texts).hasSize(2);
    assertThat(texts.get(0)).contains("\"a\":1.0,\"c\":3.0");
    assertThat(texts.get(1)).contains("09:59:51.123Z\",\"b\":2}");
  }

  @Test
  void pointThatIsCalledLikeSomethingElseGetsAnUnderscore() {
    String text =
        encode(encoding(Payload.VALUES, ""), batch(1, number("ts", 1), number("_ts", 2))).get(0);
    JsonObject json = JsonParser.parseString(text).getAsJsonObject();
    assertThat(json.get("_ts").getAsDouble()).isEqualTo(1);
    assertThat(json.get("__ts").getAsDouble()).isEqualTo(2);
  }

  // AWS IoT SiteWise API reference, BatchPutAssetPropertyValue: request syntax.
  @Test
  void siteWiseGetsItsTypesTimesAndQualities() {
    assertThat(
            encode(
                encoding(Payload.SITEWISE, ""),
                batch(
                    1,
                    number("temperature", 21.5),
                    Sample.good("on", new Value.Bool(true), T),
                    Sample.good("name", new Value.Text("x\"y"), T),
                    Sample.good("count", new Value.Int(-5), T),
                    Sample.good("long", new Value.Int(1L << 31), T),
                    Sample.bad("away", "no answer", T))))
        .containsExactly(
            "{\"entries\":["
                + entry(1, "temperature", "doubleValue\":21.5")
                + ","
                + entry(2, "on", "booleanValue\":true")
                + ","
                + entry(3, "name", "stringValue\":\"x\\\"y\"")
                + ","
                + entry(4, "count", "integerValue\":-5")
                + ","
                + entry(5, "long", "doubleValue\":2147483648")
                + "]}");
  }

  private static String entry(int id, String point, String value) {
    return "{\"entryId\":\""
        + id
        + "\",\"propertyAlias\":\"/gw/boiler/"
        + point
        + "\",\"propertyValues\":[{\"value\":{\""
        + value
        + "},\"timestamp\":{\"timeInSeconds\":1795255200,\"offsetInNanos\":123456000},"
        + "\"quality\":\"GOOD\"}]}";
  }

  // The same, quotas: 10 entries a request, 10 values an entry.
  @Test
  void siteWiseGetsNoMoreThanTenEntriesOfTenValues() {
    SampleBatch[] cycles =
        IntStream.range(1, 26)
            .mapToObj(
                i ->
                    batch(
                        i,
                        IntStream.range(0, 12)
                            .mapToObj(p -> number("p" + p, i))
                            .toArray(Sample[]::new)))
            .toArray(SampleBatch[]::new);
    List<String> texts = encode(encoding(Payload.SITEWISE, "", 1000, Payload.MAX_BYTES), cycles);
    int values = 0;
    Map<String, Double> last = new HashMap<>();
    for (String text : texts) {
      JsonArray entries = JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("entries");
      assertThat(entries.size()).isBetween(1, 10);
      Set<String> ids = new HashSet<>();
      for (var each : entries) {
        JsonObject entry = each.getAsJsonObject();
        ids.add(entry.get("entryId").getAsString());
        JsonArray put = entry.getAsJsonArray("propertyValues");
        assertThat(put.size()).isBetween(1, 10);
        for (var value : put) {
          double now =
              value.getAsJsonObject().getAsJsonObject("value").get("doubleValue").getAsDouble();
          Double before = last.put(entry.get("propertyAlias").getAsString(), now);
          // In order, a point.
          assertThat(before == null ? 1.0 : before + 1).isEqualTo(now);
          values++;
        }
      }
      assertThat(ids).hasSize(entries.size());
    }
    assertThat(values).isEqualTo(25 * 12);
    // 12 points x 3 entries of 10, 10 and 5 values, 10 entries a message.
    assertThat(texts).hasSize(4);
  }

  @Test
  void siteWiseDoesWithoutWhatHasNoTime() {
    TelemetryEncoding siteWise = encoding(Payload.SITEWISE, "");
    assertThat(siteWise.needsTime()).isTrue();
    assertThatThrownBy(
            () ->
                encode(
                    siteWise,
                    new Cycles(
                        "t",
                        "b0",
                        List.of(batch(1, number("a", 1))),
                        TimeQuality.UNKNOWN,
                        Duration.ZERO)))
        .hasMessageContaining("never set in the boot 'b0'");
  }

  @Test
  void unknownNameInTheAliasIsNamed() {
    assertThatThrownBy(
            () ->
                Encodings.of(
                    new Payload(Payload.SITEWISE, "", "/{{plant}}", Duration.ZERO, 1024), NAMES))
        .hasMessage(
            "payload.alias, column 2: expected one of device, gateway, point, site, found"
                + " '{{plant}}'");
  }

  @Test
  void templateIsFilledInAndItsPartRepeatedForEachPoint() {
    TelemetryEncoding template =
        encoding(
            Payload.TEMPLATE,
            """
            {"d":{{device}},"s":"{{site}}/{{device}}","t":{{ts.ms}},"iso":"at {{ts}}","n":{{seq}},
             "boot":{{boot}},"tq":{{tsQuality}},"v":{{{#points}}"{{point}}":{"v":{{value}},"q":"{{quality}}","t":{{ts.s}}}{{/points}}}}\
            """);
    String text =
        encode(
                template,
                batch(
                    7,
                    number("a\"b", 21.5),
                    Sample.good("text", new Value.Text("x\"}\n"), T.plusSeconds(1)),
                    Sample.bad("flow", "no answer", T)))
            .get(0);
    assertThat(text)
        .isEqualTo(
            "{\"d\":\"boiler\",\"s\":\"a\\\"b/boiler\",\"t\":1795255200123,"
                + "\"iso\":\"at 2026-11-21T10:00:00.123Z\",\"n\":7,\n"
                + " \"boot\":\"b1\",\"tq\":\"GOOD\",\"v\":{"
                + "\"a\\\"b\":{\"v\":21.5,\"q\":\"GOOD\",\"t\":1795255200},"
                + "\"text\":{\"v\":\"x\\\"}\\n\",\"q\":\"GOOD\",\"t\":1795255201},"
                + "\"flow\":{\"v\":null,\"q\":\"BAD\",\"t\":1795255200}}}");
    assertThat(JsonParser.parseString(text).isJsonObject()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}|column 8: expected {{#points}}, found 'the end'",
        "[{{#points}}{{value}}|column 22: expected {{/points}}, found 'the end'",
        "[{{#points}}{{value}}{{/points}}{{#points}}1{{/points}}]|column 33: expected {{#points}}"
            + " once",
        "[{{/points}}]|column 2: expected {{#points}}, found '{{/points}}'",
        "[{{#points}}{{val}}{{/points}}]|column 13: expected one of boot, device, gateway, point",
        "{\"v\":{{value}},\"p\":[{{#points}}1{{/points}}]}|column 6: expected {{value}} between",
        "[{{#points}}{{value}}{{/points}}|column 33: expected JSON, ',' or ']' here, found 'the"
            + " end'",
        "[{{#points}}{{value}}{{/points}}},|column 33: expected JSON, ',' or ']' here, found '},'",
        "[{{#points}}{\"n\":{{point}},}{{/points}}]|column 28: expected JSON, a name in quotes"
            + " here",
        "{{{#points}}{{value}}:1{{/points}}}|column 13: expected JSON, a name in quotes here",
        "[{{#points}}\"{{point}}{{/points}}]|column 23: expected '\"' before {{/points}}",
        "\"{{#points}}1{{/points}}\"|column 2: expected '\"' before {{#points}}",
        "[{{#points}}{{value}}{{/points}},{{device|column 34: expected '}}' after '{{'",
        "[{{#points}}\"\\{{point}}\"{{/points}}]|column 15: expected an escape",
        "[{{#points}}{{value}}{{/points}},\"\\q\"]|column 36: expected JSON, an escape",
        "ü[{{#points}}{{value}}{{/points}}]|column 1: expected JSON, a value here, found 'ü[",
      })
  void wrongTemplateIsRefusedWithColumnExpectedAndFound(String template, String message) {
    assertThatThrownBy(() -> encoding(Payload.TEMPLATE, template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("payload.template, " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{{#points}}{{value}}{{/points}}]",
        "{{{#points}}{{point}}:{{value}}{{/points}}}",
        "[{{#points}}[\"{{value}}\",{{reason}},{\"x\":{\"y\":{}}}]{{/points}}]",
        "[\"}} { \\\" \\u007b\",{{#points}}{ \"{{point}}{{quality}}\" : null}{{/points}}]",
      })
  void whateverADeviceSaysATemplateGivesJson(String template) {
    TelemetryEncoding encoding = encoding(Payload.TEMPLATE, template);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      String nasty = nasty(random);
      String text =
          encode(
                  encoding,
                  new SampleBatch(
                      nasty,
                      1,
                      T,
                      List.of(
                          Sample.good(nasty, new Value.Text(nasty(random)), T),
                          Sample.bad(nasty + "2", nasty(random) + "x", T))))
              .get(0);
      assertThat(JsonCheck.check(text)).as(text).isNull();
      assertThat(JsonParser.parseString(text).isJsonNull()).isFalse();
    }
  }

  private static String nasty(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append("\"\\{}[],:\n\u0000{{}}/#x\ud83dü".charAt(random.nextInt(19)));
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({"json,{\"batches\":[,]}", "values,{\"batches\":[,]}", "template,[,]"})
  void severalCyclesGoTogetherUpToTheBytesInTheirOrder(String form, String open, String close) {
    String one = "{\"seq\":{{seq}},\"v\":[{{#points}}{{value}}{{/points}}]}";
    TelemetryEncoding encoding = encoding(form, one, 1000, 1024);
    SampleBatch[] cycles =
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> batch(i, Sample.good("n", new Value.Int(i), T)))
            .toArray(SampleBatch[]::new);
    List<String> texts = encode(encoding, cycles);
    assertThat(texts.size()).isBetween(2, 20);
    List<Integer> numbers = new ArrayList<>();
    for (String text : texts) {
      assertThat(text).startsWith(open).endsWith(close);
      assertThat(text.length()).isLessThanOrEqualTo(1024);
      assertThat(JsonParser.parseString(text).isJsonNull()).isFalse();
      Matcher matcher = Pattern.compile("\"(?:n\":(?:\\{\"v\":)?|v\":\\[)(\\d+)").matcher(text);
      while (matcher.find()) {
        numbers.add(Integer.valueOf(matcher.group(1)));
      }
    }
    assertThat(numbers).containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
  }

  @Test
  void sampleThatIsTooLargeCostsNoOther() {
    TelemetryEncoding encoding = encoding(Payload.JSON, "", 1000, Payload.MAX_BYTES);
    List<String> texts = new ArrayList<>();
    Sample huge = Sample.good("blob", new Value.Text("x".repeat(Payload.MAX_BYTES)), T);
    assertThatThrownBy(
            () ->
                encoding.encode(
                    Cycles.of(
                        "t",
                        "b",
                        List.of(
                            batch(1, number("a", 1)), batch(2, huge), batch(3, number("a", 3)))),
                    (topic, bytes) -> texts.add(new String(bytes, StandardCharsets.UTF_8))))
        .hasMessageContaining("point 'blob': expected a message of 131008 bytes at most");
    assertThat(String.join("", texts)).contains("\"seq\":1", "\"seq\":3").doesNotContain("blob");
  }

  // The short way to write a number gives what Java's own gives.
  @Test
  void numbersAreWrittenAsJavaWritesThem() {
    Random random = new Random(11);
    for (int i = 0; i < 200_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> random.nextInt(2_000_000) / 100.0 - 10_000;
            case 1 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(60) - 30);
            case 2 -> random.nextInt(100_000) * 0.001;
            default -> Double.longBitsToDouble(random.nextLong());
          };
      check(new Value.Float64(value), Double.toString(value));
      check(new Value.Float32((float) value), Float.toString((float) value));
    }
  }

  private static void check(Value value, String expected) {
    JsonBytes json = new JsonBytes().valueOrNull(value);
    String text = new String(json.copy(), StandardCharsets.UTF_8);
    if (!JsonBytes.representable(value)) {
      assertThat(text).isEqualTo("null");
    } else if (!text.equals(expected)) {
      // Java before 19 sometimes writes a digit too many.
      assertThat(text.length()).isLessThan(expected.length());
      assertThat(value instanceof Value.Float32 ? Float.parseFloat(text) : Double.parseDouble(text))
          .isEqualTo(value.number());
    }
  }
}
