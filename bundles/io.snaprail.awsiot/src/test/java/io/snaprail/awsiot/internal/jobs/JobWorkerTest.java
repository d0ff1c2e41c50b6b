package io.snaprail.awsiot.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.FakeSession;
import io.snaprail.awsiot.internal.json.JsonText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobWorkerTest {
  private static final String JOBS = "$aws/things/gw/jobs/";

  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final List<String> audit = new CopyOnWriteArrayList<>();
  private final Deque<String> waiting = new ArrayDeque<>();
  private final FakeSession session = new FakeSession();
  private String running = "";
  private String details = "{}";
  private JobWorker worker;

  @AfterEach
  void stop() {
    worker.close();
  }

  private void start(Map<String, JobOperation> operations) {
    session.cloud(this::answer);
    session.connect();
    worker =
        new JobWorker(
            "cloud",
            session,
            "gw",
            operations,
            (id, operation, outcome, words) -> audit.add(id + " " + operation + " " + outcome));
  }

  /** AWS IoT Core developer guide, "Jobs device MQTT API": one under way comes first. */
  private void answer(String topic, JsonObject request) {
    String token = JsonText.text(request, "clientToken").orElseThrow();
    if (topic.equals(JOBS + "start-next")) {
      if (running.isEmpty() && !waiting.isEmpty()) {
        running = waiting.poll();
      }
      String execution =
          running.isEmpty()
              ? ""
              : ",\"execution\":{\"jobId\":\""
                  + id()
                  + "\",\"status\":\"IN_PROGRESS\",\"versionNumber\":2,"
                  + "\"statusDetails\":"
                  + details
                  + ",\"jobDocument\":"
                  + running.substring(3)
                  + "}";
      session.deliver(
          topic + "/accepted",
          "{\"clientToken\":\"" + token + "\",\"timestamp\":1" + execution + "}");
      return;
    }
    String status = JsonText.text(request, "status").orElseThrow();
    details = JsonText.child(request, "statusDetails").toString();
    reports.add(id() + " " + status + " " + details);
    if (!status.equals("IN_PROGRESS")) {
      running = "";
      details = "{}";
    }
    session.deliver(topic + "/accepted", "{\"clientToken\":\"" + token + "\"}");
  }

  private String id() {
    return running.substring(0, 2);
  }

  @Test
  void jobsAreDoneInTheirOrderAndReported() {
    waiting.add("j1 {\"operation\":\"greet\",\"name\":\"a\"}");
    waiting.add("j2 {\"operation\":\"greet\",\"name\":\"b\"}");
    start(Map.of("greet", run -> Map.of("said", "hello " + run.required("name"))));
    await().until(() -> reports.size() == 2);
    assertThat(reports)
        .containsExactly(
            "j1 SUCCEEDED {\"said\":\"hello a\"}", "j2 SUCCEEDED {\"said\":\"hello b\"}");
    assertThat(audit)
        .containsExactly("j1 greet attempt", "j1 greet ok", "j2 greet attempt", "j2 greet ok");
  }

  @Test
  void operationThatIsNotAllowedIsRejectedAndTheNextIsDone() {
    waiting.add("j1 {\"operation\":\"format-disk\"}");
    waiting.add("j2 {\"steps\":[]}");
    waiting.add("j3 {\"operation\":\"greet\"}");
    start(Map.of("greet", run -> Map.of("said", "hello")));
    await().until(() -> reports.size() == 3);
    assertThat(reports.get(0))
        .startsWith("j1 REJECTED")
        .contains("'format-disk' is not allowed", "has greet");
    assertThat(reports.get(1)).startsWith("j2 REJECTED").contains("no text 'operation'");
    assertThat(reports.get(2)).startsWith("j3 SUCCEEDED");
    assertThat(audit).contains("j1 format-disk refused");
  }

  @Test
  void failureIsReportedWithItsReason() {
    waiting.add("j1 {\"operation\":\"greet\"}");
    start(Map.of("greet", run -> Map.of("said", run.required("name"))));
    await().until(() -> reports.size() == 1);
    assertThat(reports.get(0)).startsWith("j1 FAILED").contains("has no text 'name'");
  }

  @Test
  void jobThatWasUnderWayGoesOnFromItsLastStep() {
    running = "j1 {\"operation\":\"long\"}";
    details = "{\"step\":\"second\",\"kept\":\"x\"}";
    start(Map.of("long", run -> Map.of("before", run.before().toString())));
    await().until(() -> reports.size() == 1);
    assertThat(reports.get(0)).contains("step=second", "kept=x");
  }

  @Test
  void jobWhoseReportIsLostIsAskedForAgain() {
    waiting.add("j1 {\"operation\":\"long\"}");
    start(
        Map.of(
            "long",
            run -> {
              if (run.before().isEmpty()) {
                run.step("begun", Map.of());
                session.lose();
              }
              return Map.of("went", run.before().isEmpty() ? "through" : "on");
            }));
    await().until(() -> reports.size() == 1);
    session.connect();
    await().until(() -> reports.size() == 2);
    assertThat(reports.get(1)).startsWith("j1 SUCCEEDED").contains("\"went\":\"on\"");
  }

  @Test
  void newJobIsTakenWhenItIsNotified() {
    start(Map.of("greet", run -> Map.of("said", "hello")));
    waiting.add("j1 {\"operation\":\"greet\"}");
    session.deliver(JOBS + "notify-next", "{\"execution\":{\"jobId\":\"j1\"}}");
    await().until(() -> reports.size() == 1);
  }
}
