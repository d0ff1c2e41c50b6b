package io.snaprail.localiot.internal.jobs;

import static io.snaprail.localiot.internal.jobs.JobRig.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.service.ServiceException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs by their documents. Developer guide, "Jobs device MQTT API", and API reference. */
class JobServiceTest {
  @TempDir private Path folder;
  private JobRig rig;

  @BeforeEach
  void open() {
    rig = new JobRig(folder);
  }

  private static String member(JsonElement json, String... path) {
    JsonElement found = json;
    for (String name : path) {
      found = found.getAsJsonObject().get(name);
    }
    return found == null ? "none" : found.toString().replace("\"", "");
  }

  @ParameterizedTest
  @CsvSource({
    "$aws/things/T/jobs/get, true",
    "$aws/things/T/jobs/start-next, true",
    "$aws/things/T/jobs/$next/get, true",
    "$aws/things/T/jobs/job-1/update, true",
    "$aws/things/T/jobs/nonsense, true", // answered with InvalidTopic
    "$aws/things/T/jobs/get/accepted, false",
    "$aws/things/T/jobs/notify, false",
    "$aws/things/T/jobs/notify-next, false",
    "$aws/things/T/shadow/get, false",
  })
  void servesItsRequestsOnly(String topic, boolean served) {
    assertThat(rig.service.serves(topic)).isEqualTo(served);
  }

  @Test
  void thePendingAreListedInOrder() throws Exception {
    rig.job("a");
    rig.seconds = 1001;
    rig.job("b");
    rig.ask("b/update", "{\"status\":\"IN_PROGRESS\"}");

    assertThat(rig.ask("get", "{\"clientToken\":\"t\"}"))
        .isEqualTo(
            json(
                """
                {"inProgressJobs":[{"jobId":"b","queuedAt":1001,"startedAt":1001,
                  "lastUpdatedAt":1001,"versionNumber":2,"executionNumber":1}],
                 "queuedJobs":[{"jobId":"a","queuedAt":1000,"lastUpdatedAt":1000,
                  "versionNumber":1,"executionNumber":1}],
                 "timestamp":1001,"clientToken":"t"}\
                """));
  }

  @Test
  void startNextTakesWhatIsInProgressFirstAndThenTheOldest() throws Exception {
    assertThat(rig.ask("start-next", "{}")).isEqualTo(json("{\"timestamp\":1000}"));
    rig.job("a");
    rig.job("b");
    rig.seconds = 1005;

    JsonElement first = rig.ask("start-next", "{\"statusDetails\":{\"step\":\"1\"}}");
    assertThat(first)
        .isEqualTo(
            json(
                """
                {"execution":{"jobId":"a","thingName":"T","jobDocument":{"operation":"test"},
                  "status":"IN_PROGRESS","statusDetails":{"step":"1"},"queuedAt":1000,
                  "startedAt":1005,"lastUpdatedAt":1005,"versionNumber":2,"executionNumber":1},
                 "timestamp":1005}\
                """));
    // Already in progress: its details do not change.
    assertThat(rig.ask("start-next", "{\"statusDetails\":{\"step\":\"2\"}}")).isEqualTo(first);
    rig.ask("a/update", "{\"status\":\"SUCCEEDED\"}");
    assertThat(member(rig.ask("start-next", ""), "execution", "jobId")).isEqualTo("b");
  }

  @Test
  void describesTheNextOrANamedOneWithOrWithoutItsDocument() throws Exception {
    assertThat(rig.ask("$next/get", "{}")).isEqualTo(json("{\"timestamp\":1000}"));
    rig.job("a");
    assertThat(member(rig.ask("$next/get", "{}"), "execution", "jobDocument", "operation"))
        .isEqualTo("test");
    JsonElement without = rig.ask("a/get", "{\"includeJobDocument\":false,\"executionNumber\":1}");
    assertThat(member(without, "execution", "jobDocument")).isEqualTo("none");
    assertThat(member(without, "execution", "status")).isEqualTo("QUEUED");
  }

  @Test
  void anUpdateAnswersWithWhatWasAskedFor() throws Exception {
    rig.job("a");
    assertThat(rig.ask("a/update", "{\"status\":\"IN_PROGRESS\",\"clientToken\":\"t\"}"))
        .isEqualTo(json("{\"timestamp\":1000,\"clientToken\":\"t\"}"));
    assertThat(
            rig.ask(
                "a/update",
                """
                {"status":"IN_PROGRESS","expectedVersion":"2","includeJobExecutionState":true,
                 "includeJobDocument":true,"statusDetails":{"progress":"50%"}}\
                """))
        .isEqualTo(
            json(
                """
                {"executionState":{"status":"IN_PROGRESS","statusDetails":{"progress":"50%"},
                  "versionNumber":3},"jobDocument":{"operation":"test"},"timestamp":1000}\
                """));
    // Details that are not given stay as they are.
    assertThat(
            member(
                rig.ask("a/update", "{\"status\":\"FAILED\",\"includeJobExecutionState\":true}"),
                "executionState",
                "statusDetails",
                "progress"))
        .isEqualTo("50%");
  }

  static Stream<Arguments> rejections() {
    String tenAndOne =
        "{"
            + String.join(",", java.util.Collections.nCopies(1, ""))
            + java.util.stream.IntStream.rangeClosed(0, 10)
                .mapToObj(i -> "\"k" + i + "\":\"v\"")
                .collect(java.util.stream.Collectors.joining(","))
            + "}";
    return Stream.of(
        Arguments.of("nonsense", "{}", "InvalidTopic"),
        Arguments.of("a/delete", "{}", "InvalidTopic"),
        Arguments.of("a.b/get", "{}", "InvalidTopic"),
        Arguments.of("get", "{", "InvalidJson"),
        Arguments.of("get", "[]", "InvalidJson"),
        Arguments.of("get", "{\"clientToken\":1}", "InvalidRequest"),
        Arguments.of("get", "{\"clientToken\":\"" + "x".repeat(65) + "\"}", "InvalidRequest"),
        Arguments.of("nobody/get", "{}", "ResourceNotFound"),
        Arguments.of("nobody/update", "{\"status\":\"FAILED\"}", "ResourceNotFound"),
        Arguments.of("a/get", "{\"executionNumber\":2}", "ResourceNotFound"),
        Arguments.of("a/update", "{}", "InvalidRequest"),
        Arguments.of("a/update", "{\"status\":\"DONE\"}", "InvalidRequest"),
        Arguments.of("a/update", "{\"status\":\"failed\"}", "InvalidRequest"),
        Arguments.of("a/update", "{\"status\":7}", "InvalidRequest"),
        Arguments.of("a/update", update("\"statusDetails\":7"), "InvalidRequest"),
        Arguments.of("a/update", update("\"statusDetails\":{\"a\":1}"), "InvalidRequest"),
        Arguments.of("a/update", update("\"statusDetails\":{\"a b\":\"1\"}"), "InvalidRequest"),
        Arguments.of("a/update", update("\"statusDetails\":{\"a\":\"\"}"), "InvalidRequest"),
        Arguments.of("a/update", update("\"statusDetails\":" + tenAndOne), "InvalidRequest"),
        Arguments.of("a/update", update("\"stepTimeoutInMinutes\":0"), "InvalidRequest"),
        Arguments.of("a/update", update("\"stepTimeoutInMinutes\":10081"), "InvalidRequest"),
        Arguments.of("start-next", "{\"stepTimeoutInMinutes\":-1}", "InvalidRequest"),
        Arguments.of("a/update", update("\"expectedVersion\":9"), "VersionMismatch"),
        Arguments.of("a/update", update("\"expectedVersion\":\"x\""), "InvalidRequest"),
        Arguments.of("a/update", "{\"status\":\"QUEUED\"}", "InvalidStateTransition"),
        Arguments.of("a/update", "{\"status\":\"TIMED_OUT\"}", "InvalidStateTransition"),
        Arguments.of("a/update", "{\"status\":\"CANCELED\"}", "InvalidStateTransition"),
        Arguments.of("a/update", "{\"status\":\"REMOVED\"}", "InvalidStateTransition"),
        Arguments.of("done/update", "{\"status\":\"IN_PROGRESS\"}", "InvalidStateTransition"),
        Arguments.of("done/get", "{}", "TerminalStateReached"));
  }

  private static String update(String more) {
    return "{\"status\":\"IN_PROGRESS\"," + more + "}";
  }

  // Developer guide, "AWS IoT jobs APIs", ErrorResponse.
  @ParameterizedTest
  @MethodSource("rejections")
  void rejectsAndChangesNothing(String rest, String payload, String code) throws Exception {
    rig.job("done");
    rig.ask("done/update", "{\"status\":\"SUCCEEDED\"}");
    rig.job("a");
    String before = rig.ask("get", "").toString();

    JsonElement answer = rig.ask(rest, payload);

    assertThat(member(answer, "code")).isEqualTo(code);
    assertThat(member(answer, "message")).isNotEmpty();
    assertThat(member(answer, "timestamp")).isEqualTo("1000");
    boolean withState = code.equals("InvalidStateTransition") || code.equals("VersionMismatch");
    assertThat(answer.getAsJsonObject().has("executionState")).isEqualTo(withState);
    assertThat(rig.sent).isEmpty();
    assertThat(rig.ask("get", "")).hasToString(before);
  }

  @Test
  void givesTheTokenBackWithARejection() {
    assertThat(member(rig.ask("nobody/get", "{\"clientToken\":\"t\"}"), "clientToken"))
        .isEqualTo("t");
  }

  @Test
  void theStepTimerEndsWhatTakesTooLong() throws Exception {
    rig.job("a");
    JsonElement started = rig.ask("start-next", "{\"stepTimeoutInMinutes\":1}");
    assertThat(member(started, "execution", "approximateSecondsBeforeTimedOut")).isEqualTo("60");
    rig.seconds = 1059;
    rig.service.sweep();
    rig.ask("a/update", update("\"stepTimeoutInMinutes\":2"));
    rig.seconds = 1178;
    rig.service.sweep();
    assertThat(rig.take("notify")).isEmpty();

    rig.open(folder); // a restart does not stop the timer
    rig.seconds = 1179;
    rig.service.sweep();

    assertThat(rig.take("notify")).hasSize(1);
    assertThat(rig.service.get("a").executions().get("T").status())
        .isEqualTo(ExecutionStatus.TIMED_OUT);
    assertThat(rig.service.get("a").status()).isEqualTo(Job.Status.COMPLETED);
  }

  // API reference, UpdateJobExecution: -1 ends the timer.
  @Test
  void theStepTimerCanBeEndedAndTheJobsOwnCannot() throws Exception {
    rig.service.create(
        new JobOrder("a", new JobOrder.Targets(List.of("T"), List.of(), false), "{}", "", 3));
    rig.ask("start-next", "{\"stepTimeoutInMinutes\":1}");
    rig.ask("a/update", update("\"stepTimeoutInMinutes\":-1"));
    rig.seconds = 1179;
    rig.service.sweep();
    assertThat(rig.service.get("a").status()).isEqualTo(Job.Status.IN_PROGRESS);
    rig.seconds = 1180;
    rig.service.sweep();
    assertThat(rig.service.get("a").executions().get("T").status())
        .isEqualTo(ExecutionStatus.TIMED_OUT);
  }

  @Test
  void aSnapshotIsForThoseWhoAreThereAndAContinuousJobForThoseWhoCome() throws Exception {
    for (boolean continuous : new boolean[] {false, true}) {
      rig.service.create(
          new JobOrder(
              continuous ? "for-ever" : "once",
              new JobOrder.Targets(List.of(), List.of("group"), continuous),
              "{}",
              "",
              0));
    }
    rig.group.add("T-2");
    rig.group.remove("T");
    rig.service.sweep();

    assertThat(rig.service.get("once").executions()).containsOnlyKeys("T");
    assertThat(rig.service.get("for-ever").executions().get("T-2").status())
        .isEqualTo(ExecutionStatus.QUEUED);
    assertThat(rig.service.get("for-ever").executions().get("T").status())
        .isEqualTo(ExecutionStatus.REMOVED);
    rig.group.add("T");
    rig.service.sweep();
    assertThat(rig.service.get("for-ever").executions().get("T").status())
        .isEqualTo(ExecutionStatus.QUEUED);
  }

  @Test
  void whatIsInProgressIsCalledOffByForceOnly() throws Exception {
    rig.job("a");
    rig.job("b");
    rig.ask("a/update", "{\"status\":\"IN_PROGRESS\"}");

    assertThatThrownBy(() -> rig.service.cancelExecution("a", "T", false))
        .hasMessageContaining("IN_PROGRESS")
        .hasMessageContaining("force");
    rig.service.cancel("b", false);
    assertThatThrownBy(() -> rig.service.delete("a", false)).hasMessageContaining("cancel it");
    rig.service.cancel("a", true);

    assertThat(rig.service.get("a").status()).isEqualTo(Job.Status.CANCELED);
    assertThat(rig.service.get("a").executions().get("T").status())
        .isEqualTo(ExecutionStatus.CANCELED);
    assertThat(member(rig.ask("a/update", "{\"status\":\"SUCCEEDED\"}"), "code"))
        .isEqualTo("InvalidStateTransition");
    rig.service.delete("a", false);
    rig.service.delete("b", false);
    assertThat(rig.service.list()).isEmpty();
  }

  static Stream<Arguments> badOrders() {
    JobOrder.Targets thing = new JobOrder.Targets(List.of("T"), List.of(), false);
    return Stream.of(
        Arguments.of(new JobOrder("a b", thing, "{}", "", 0), 400, "a b"),
        Arguments.of(new JobOrder("", thing, "{}", "", 0), 400, "job"),
        Arguments.of(new JobOrder("x".repeat(65), thing, "{}", "", 0), 400, "64"),
        Arguments.of(new JobOrder("b", thing, "{", "", 0), 400, "document"),
        Arguments.of(new JobOrder("b", thing, "[]", "", 0), 400, "document"),
        Arguments.of(
            new JobOrder("b", thing, "{\"a\":\"" + "x".repeat(32768 - 7) + "\"}", "", 0),
            400,
            "32768"),
        Arguments.of(new JobOrder("b", thing, "{}", "", 10081), 400, "10080"),
        Arguments.of(new JobOrder("b", thing, "{}", "x".repeat(2029), 0), 400, "2028"),
        Arguments.of(
            new JobOrder("b", new JobOrder.Targets(List.of(), List.of(), false), "{}", "", 0),
            400,
            "targets"),
        Arguments.of(
            new JobOrder("b", new JobOrder.Targets(List.of("X"), List.of("Y"), false), "{}", "", 0),
            404,
            "thing 'X', no group 'Y'"),
        Arguments.of(new JobOrder("a", thing, "{}", "", 0), 409, "already"));
  }

  @ParameterizedTest
  @MethodSource("badOrders")
  void saysWhatIsWrongWithAnOrder(JobOrder order, int status, String words) throws Exception {
    rig.job("a");
    assertThatThrownBy(() -> rig.service.create(order))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.status()).isEqualTo(status))
        .hasMessageContaining(words);
    assertThat(rig.service.list()).hasSize(1);
  }

  @Test
  void aDocumentOf32KilobytesIsTaken() throws Exception {
    rig.job("a", "{\"a\":\"" + "x".repeat(32768 - 8) + "\"}");
    assertThat(member(rig.ask("a/get", ""), "execution", "status")).isEqualTo("QUEUED");
  }

  @Test
  void survivesARestartAndNamesADamagedFile() throws Exception {
    rig.job("a");
    rig.job("b");
    rig.ask("a/update", update("\"statusDetails\":{\"k\":\"v\"}"));
    JsonObject before = rig.ask("get", "").getAsJsonObject();
    java.nio.file.Files.writeString(folder.resolve("c.json"), "{\"status\":");

    rig.open(folder);

    assertThat(rig.ask("get", "")).isEqualTo(before);
    assertThat(member(rig.ask("a/get", ""), "execution", "statusDetails", "k")).isEqualTo("v");
    assertThat(rig.faults).singleElement().asString().contains("c.json", "move it away");
    assertThatThrownBy(() -> rig.job("c")).hasMessageContaining("already");
  }
}
