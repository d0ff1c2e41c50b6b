package io.snaprail.localiot.internal.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.shadow.Shadows.Answer;
import io.snaprail.localiot.internal.shadow.Shadows.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shadow service by its documents. AWS IoT Core developer guide, "Device Shadow service
 * documents" and "Device Shadow error messages".
 */
class ShadowsTest {
  private static final ShadowName NAME = ShadowName.classic("thing");

  @TempDir private Path folder;
  private final List<String> faults = new ArrayList<>();
  private Shadows shadows;

  @BeforeEach
  void open() {
    shadows = shadowsAt(1000);
  }

  private Shadows shadowsAt(long seconds) {
    Clock clock = Clock.fixed(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
    return new Shadows(folder, "thing"::equals, clock, faults::add);
  }

  private List<Answer> ask(Operation operation, String payload) {
    return shadows.handle(operation, NAME, payload.getBytes(StandardCharsets.UTF_8));
  }

  private void update(String payload) {
    assertThat(ask(Operation.UPDATE, payload))
        .last()
        .extracting(Answer::path)
        .isEqualTo("update/accepted");
  }

  private String get() {
    return json(ask(Operation.GET, ""), "get/accepted");
  }

  private static String json(List<Answer> answers, String path) {
    return answers.stream()
        .filter(answer -> answer.path().equals(path))
        .map(answer -> answer.document().toString())
        .findFirst()
        .orElse("none");
  }

  private static void assertJson(String actual, String expected) {
    assertThat(JsonParser.parseString(actual)).isEqualTo(JsonParser.parseString(expected));
  }

  @Test
  void answersAnUpdateWithDeltaDocumentsAndAccepted() {
    update(
        """
        {"state":{"reported":{"color":"red","engine":"on"}}}\
        """);
    shadows = shadowsAt(2000);

    List<Answer> answers =
        ask(
            Operation.UPDATE,
            """
            {"state":{"desired":{"color":"blue"}},"clientToken":"token","version":1}\
            """);

    // The order that was observed in AWS's own local service.
    assertThat(answers)
        .extracting(Answer::path)
        .containsExactly("update/delta", "update/documents", "update/accepted");
    assertJson(
        json(answers, "update/delta"),
        """
        {"state":{"color":"blue"},"metadata":{"color":{"timestamp":2000}},
         "version":2,"timestamp":2000,"clientToken":"token"}\
        """);
    assertJson(
        json(answers, "update/documents"),
        """
        {"previous":{"state":{"reported":{"color":"red","engine":"on"}},
                     "metadata":{"reported":{"color":{"timestamp":1000},
                                             "engine":{"timestamp":1000}}},
                     "version":1},
         "current":{"state":{"desired":{"color":"blue"},
                             "reported":{"color":"red","engine":"on"}},
                    "metadata":{"desired":{"color":{"timestamp":2000}},
                                "reported":{"color":{"timestamp":1000},
                                            "engine":{"timestamp":1000}}},
                    "version":2},
         "timestamp":2000,"clientToken":"token"}\
        """);
    // Only what was sent.
    assertJson(
        json(answers, "update/accepted"),
        """
        {"state":{"desired":{"color":"blue"}},
         "metadata":{"desired":{"color":{"timestamp":2000}}},
         "version":2,"timestamp":2000,"clientToken":"token"}\
        """);
  }

  @Test
  void getsTheWholeStateWithTheDelta() {
    update(
        """
        {"state":{"desired":{"a":1,"b":{"c":2}},"reported":{"a":1,"extra":true}}}\
        """);

    assertJson(
        json(ask(Operation.GET, "{\"clientToken\":\"t\"}"), "get/accepted"),
        """
        {"state":{"desired":{"a":1,"b":{"c":2}},"reported":{"a":1,"extra":true},
                  "delta":{"b":{"c":2}}},
         "metadata":{"desired":{"a":{"timestamp":1000},"b":{"c":{"timestamp":1000}}},
                     "reported":{"a":{"timestamp":1000},"extra":{"timestamp":1000}}},
         "version":1,"timestamp":1000,"clientToken":"t"}\
        """);
  }

  // Desired, reported, and the delta that they make.
  static Stream<Arguments> deltas() {
    return Stream.of(
        Arguments.of("{\"a\":1}", "{}", "{\"a\":1}"),
        Arguments.of("{\"a\":1}", "{\"a\":2}", "{\"a\":1}"),
        Arguments.of("{\"a\":1}", "{\"a\":1.0}", "none"), // numbers compare by value
        Arguments.of("{\"a\":1}", "{\"a\":\"1\"}", "{\"a\":1}"),
        Arguments.of("{\"a\":1}", "{\"a\":1,\"b\":2}", "none"), // only in reported: left out
        Arguments.of("{}", "{\"b\":2}", "none"),
        Arguments.of("{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":1,\"c\":3}}", "{\"a\":{\"c\":2}}"),
        Arguments.of("{\"a\":{\"b\":1}}", "{\"a\":5}", "{\"a\":{\"b\":1}}"),
        Arguments.of("{\"a\":5}", "{\"a\":{\"b\":1}}", "{\"a\":5}"),
        Arguments.of("{\"a\":[1,2]}", "{\"a\":[1,2.0]}", "none"),
        Arguments.of("{\"a\":[1,2]}", "{\"a\":[2,1]}", "{\"a\":[1,2]}"), // arrays as a whole
        Arguments.of("{\"a\":[1,2]}", "{\"a\":[1]}", "{\"a\":[1,2]}"));
  }

  @ParameterizedTest
  @MethodSource("deltas")
  void theDeltaIsWhatIsDesiredAndNotReported(String desired, String reported, String delta) {
    List<Answer> answers =
        ask(
            Operation.UPDATE,
            "{\"state\":{\"desired\":%s,\"reported\":%s}}".formatted(desired, reported));

    String actual =
        answers.get(0).path().equals("update/delta")
            ? answers.get(0).document().get("state").toString()
            : "none";
    assertThat(actual).isEqualTo(delta);
  }

  // Facts: the delta holds every differing desired leaf, not only the changed ones.
  @Test
  void theDeltaHoldsWhatDifferedBefore() {
    update(
        """
        {"state":{"desired":{"a":1,"b":2}}}\
        """);

    List<Answer> answers = ask(Operation.UPDATE, "{\"state\":{\"reported\":{\"a\":1}}}");

    assertThat(answers.get(0).document().get("state")).hasToString("{\"b\":2}");
  }

  // What is there, what is sent, and what comes of it: desired only.
  static Stream<Arguments> merges() {
    return Stream.of(
        Arguments.of("{\"a\":1}", "{\"b\":2}", "{\"a\":1,\"b\":2}"),
        Arguments.of("{\"a\":1,\"b\":2}", "{\"a\":null}", "{\"b\":2}"), // null removes
        Arguments.of("{\"a\":1}", "{\"x\":null}", "{\"a\":1}"),
        Arguments.of("{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":null}}", "{\"a\":{\"c\":2}}"),
        Arguments.of("{\"a\":{\"b\":1}}", "{\"a\":{\"c\":2}}", "{\"a\":{\"b\":1,\"c\":2}}"),
        Arguments.of("{\"a\":1}", "{\"a\":{\"b\":2,\"c\":null}}", "{\"a\":{\"b\":2}}"),
        Arguments.of("{\"a\":{\"b\":1}}", "{\"a\":7}", "{\"a\":7}"),
        Arguments.of("{\"a\":[1,2,3]}", "{\"a\":[9]}", "{\"a\":[9]}"), // arrays replace whole
        Arguments.of("{\"a\":[{\"b\":1}]}", "{\"a\":[{\"c\":2}]}", "{\"a\":[{\"c\":2}]}"),
        Arguments.of("{\"a\":1}", "{}", "{\"a\":1}"));
  }

  @ParameterizedTest
  @MethodSource("merges")
  void mergesWhatIsSent(String before, String sent, String after) throws Exception {
    update("{\"state\":{\"desired\":" + before + "}}");
    update("{\"state\":{\"desired\":" + sent + "}}");

    String state =
        JsonParser.parseString(get())
            .getAsJsonObject()
            .getAsJsonObject("state")
            .get("desired")
            .toString();
    assertJson(state, after);
    // Metadata has the same tree: a leaf for each leaf, and none for what is gone.
    assertJson(
        JsonParser.parseString(get())
            .getAsJsonObject()
            .getAsJsonObject("metadata")
            .get("desired")
            .toString(),
        after.replaceAll("(?<=[:\\[,])[0-9]", "{\"timestamp\":1000}"));
  }

  @Test
  void nullRemovesASection() {
    update("{\"state\":{\"desired\":{\"a\":1},\"reported\":{\"a\":1}}}");

    List<Answer> answers = ask(Operation.UPDATE, "{\"state\":{\"desired\":null}}");

    assertJson(
        json(answers, "update/accepted"),
        """
        {"state":{"desired":null},"metadata":{},"version":2,"timestamp":1000}\
        """);
    assertThat(get()).doesNotContain("desired").contains("reported");
  }

  static Stream<Arguments> rejections() {
    String deep = "{\"x\":".repeat(9) + "{}" + "}".repeat(9);
    return Stream.of(
        Arguments.of("", 400, "Invalid JSON"),
        Arguments.of("{", 400, "Invalid JSON"),
        Arguments.of("{'state':{}}", 400, "Invalid JSON"),
        Arguments.of("[]", 400, "Invalid JSON"),
        Arguments.of("{}", 400, "Missing required node: state"),
        Arguments.of("{\"state\":1}", 400, "State node must be an object"),
        Arguments.of("{\"state\":null}", 400, "State node must be an object"),
        Arguments.of("{\"state\":{\"desired\":1}}", 400, "Desired node must be an object"),
        Arguments.of("{\"state\":{\"reported\":[]}}", 400, "Reported node must be an object"),
        Arguments.of("{\"state\":{\"other\":{}}}", 400, "State contains an invalid node"),
        Arguments.of(
            "{\"state\":{\"desired\":{\"a\":[1,null]}}}", 400, "State contains an invalid node"),
        Arguments.of("{\"state\":{},\"version\":\"1\"}", 400, "Invalid version"),
        Arguments.of("{\"state\":{},\"version\":-1}", 400, "Invalid version"),
        Arguments.of("{\"state\":{},\"version\":1.5}", 400, "Invalid version"),
        Arguments.of("{\"state\":{},\"clientToken\":7}", 400, "Invalid clientToken"),
        Arguments.of(
            "{\"state\":{},\"clientToken\":\"" + "x".repeat(65) + "\"}",
            400,
            "Invalid clientToken"),
        Arguments.of(
            "{\"state\":{\"desired\":" + deep + "}}",
            400,
            "JSON contains too many levels of nesting; maximum is 8"),
        Arguments.of("{\"state\":{},\"version\":5}", 409, "Version conflict"),
        Arguments.of(
            "{\"state\":{\"reported\":{\"a\":\"" + "x".repeat(Quotas.SHADOW_BYTES) + "\"}}}",
            413,
            "The payload exceeds the maximum size allowed"));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void rejectsAndChangesNothing(String payload, int code, String message) {
    update("{\"state\":{\"desired\":{\"kept\":1}}}");

    List<Answer> answers = ask(Operation.UPDATE, payload);

    assertThat(answers).singleElement().extracting(Answer::path).isEqualTo("update/rejected");
    assertJson(
        answers.get(0).document().toString(),
        "{\"code\":%d,\"message\":\"%s\",\"timestamp\":1000}".formatted(code, message));
    assertThat(get()).contains("\"kept\":1").contains("\"version\":1");
  }

  @Test
  void rejectsWhatIsNotUtf8() {
    byte[] payload = {'{', '"', (byte) 0xC3, '(', '"', ':', '1', '}'};

    assertThat(shadows.handle(Operation.UPDATE, NAME, payload))
        .singleElement()
        .extracting(answer -> answer.document().get("code").getAsInt())
        .isEqualTo(415);
  }

  @Test
  void givesTheClientTokenBackWithARejection() {
    assertThat(json(ask(Operation.UPDATE, "{\"clientToken\":\"t\"}"), "update/rejected"))
        .contains("\"clientToken\":\"t\"");
  }

  // Facts: 8 KB over desired + reported after the merge, metadata not counted.
  @Test
  void countsDesiredAndReportedTogetherWithoutMetadata() {
    String half = "x".repeat(Quotas.SHADOW_BYTES / 2 - "{\"a\":\"\"}".length());
    update("{\"state\":{\"desired\":{\"a\":\"" + half + "\"}}}");
    update("{\"state\":{\"reported\":{\"a\":\"" + half + "\"}}}");

    List<Answer> answers =
        ask(Operation.UPDATE, "{\"state\":{\"reported\":{\"a\":\"" + half + "x\"}}}");

    assertThat(json(answers, "update/rejected")).contains("413");
  }

  @Test
  void eightLevelsAreAllowed() {
    update("{\"state\":{\"desired\":" + "{\"x\":".repeat(8) + "{}" + "}".repeat(8) + "}}");
  }

  @ParameterizedTest
  @MethodSource("missing")
  void saysWhatIsNotThere(Operation operation, String thing, String message) {
    List<Answer> answers =
        shadows.handle(
            operation,
            ShadowName.classic(thing),
            "{\"state\":{}}".getBytes(StandardCharsets.UTF_8));

    assertThat(answers.get(0).document().get("code").getAsInt()).isEqualTo(404);
    assertThat(answers.get(0).document().get("message").getAsString()).isEqualTo(message);
  }

  static Stream<Arguments> missing() {
    return Stream.of(
        Arguments.of(Operation.GET, "thing", "No shadow exists with name: 'thing'"),
        Arguments.of(Operation.DELETE, "thing", "No shadow exists with name: 'thing'"),
        Arguments.of(Operation.GET, "nobody", "Thing not found"),
        Arguments.of(Operation.UPDATE, "nobody", "Thing not found"));
  }

  // Facts: delete/accepted is {version, timestamp}; deletion does not reset the version.
  @Test
  void deletionKeepsTheVersion() {
    update("{\"state\":{\"desired\":{\"a\":1}}}");
    update("{\"state\":{\"desired\":{\"a\":2}}}");
    assertThat(json(ask(Operation.DELETE, "{\"version\":1}"), "delete/rejected")).contains("409");

    assertJson(
        json(ask(Operation.DELETE, ""), "delete/accepted"), "{\"version\":2,\"timestamp\":1000}");

    assertThat(json(ask(Operation.GET, ""), "get/rejected")).contains("404");
    update("{\"state\":{\"reported\":{\"b\":1}}}");
    assertThat(get()).contains("\"version\":3").doesNotContain("desired");
  }

  // ---- on disk

  @Test
  void survivesARestart() {
    update("{\"state\":{\"desired\":{\"a\":1.0},\"reported\":{\"b\":[1,{\"c\":2}]}}}");
    String before = get();

    shadows = shadowsAt(1000);

    assertThat(get()).isEqualTo(before);
  }

  @Test
  void answersOnlyWhenTheShadowIsOnDisk() throws Exception {
    update("{\"state\":{\"desired\":{\"a\":1}}}");
    Path file = folder.resolve("thing.json");
    assertThat(file).exists();
    Files.delete(file);
    Files.delete(folder);
    Files.writeString(folder, "a file where the folder should be");

    List<Answer> answers = ask(Operation.UPDATE, "{\"state\":{\"desired\":{\"a\":2}}}");

    assertThat(json(answers, "update/rejected")).contains("500", "Internal service failure");
    assertThat(faults).isNotEmpty();
    Files.delete(folder);
    update("{\"state\":{\"desired\":{\"a\":3}}}");
    // What the disk holds counts, which is nothing: the folder was gone.
    assertThat(get()).contains("\"a\":3").contains("\"version\":1");
  }

  @Test
  void namesADamagedFileAndLeavesItAlone() throws Exception {
    Path file = folder.resolve("thing.json");
    Files.writeString(file, "{\"version\":");

    assertThat(json(ask(Operation.UPDATE, "{\"state\":{}}"), "update/rejected")).contains("500");

    assertThat(faults).singleElement().asString().contains(file.toString(), "move it");
    assertThat(file).hasContent("{\"version\":");
  }
}
