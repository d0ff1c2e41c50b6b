package io.snaprail.localiot.internal.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.localiot.internal.shadow.Shadows.Operation;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What AWS's documentation prints about shadows, each as one case of {@code shadow-examples.json}:
 * the page, and steps of a request and the answers that it must have, all of them and in order.
 */
class ShadowExamplesTest {
  @TempDir private Path folder;

  static Stream<Arguments> cases() throws Exception {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(
                ShadowExamplesTest.class.getResourceAsStream("/shadow-examples.json")),
            StandardCharsets.UTF_8)) {
      JsonArray cases = JsonParser.parseReader(reader).getAsJsonArray();
      return StreamSupport.stream(cases.spliterator(), false)
          .map(JsonElement::getAsJsonObject)
          .map(one -> Arguments.of(text(one, "source") + ": " + text(one, "says"), one));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void doesWhatIsPrinted(String name, JsonObject example) {
    SettableClock clock = new SettableClock();
    Shadows shadows = new Shadows(folder, "T"::equals, clock, fault -> {});
    for (JsonElement element : example.getAsJsonArray("steps")) {
      JsonObject step = element.getAsJsonObject();
      clock.seconds = step.has("at") ? step.get("at").getAsLong() : clock.seconds;
      List<Shadows.Answer> answers = shadows.handle(operation(step), name(step), payload(step));

      JsonObject expected = step.getAsJsonObject("answers");
      if (expected != null) {
        assertThat(answers.stream().map(Shadows.Answer::path))
            .as(step.toString())
            .containsExactlyElementsOf(expected.keySet());
        answers.forEach(
            one -> assertMatches(one.document(), expected.getAsJsonObject(one.path()), step));
      }
    }
  }

  /** Members that the page does not print are not compared, but {@code state} is always whole. */
  private static void assertMatches(JsonObject actual, JsonObject expected, JsonObject step) {
    for (String member : expected.keySet()) {
      assertThat(actual.get(member)).as("%s of %s", member, step).isEqualTo(expected.get(member));
    }
  }

  private static Operation operation(JsonObject step) {
    return Operation.valueOf(text(step, "ask").toUpperCase(java.util.Locale.ROOT));
  }

  private static ShadowName name(JsonObject step) {
    return new ShadowName(
        step.has("thing") ? text(step, "thing") : "T",
        step.has("shadow") ? text(step, "shadow") : "");
  }

  /** {@code send} is JSON, {@code raw} is text, {@code fill} a string of that many bytes. */
  private static byte[] payload(JsonObject step) {
    if (step.has("raw")) {
      return text(step, "raw").getBytes(StandardCharsets.ISO_8859_1);
    }
    if (!step.has("send")) {
      return new byte[0];
    }
    String json = step.get("send").toString();
    if (step.has("fill")) {
      json = json.replace("FILL", "x".repeat(step.get("fill").getAsInt()));
    }
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(JsonObject json, String member) {
    return json.get(member).getAsString();
  }

  private static final class SettableClock extends java.time.Clock {
    long seconds = 1000;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public java.time.Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(seconds);
    }
  }
}
