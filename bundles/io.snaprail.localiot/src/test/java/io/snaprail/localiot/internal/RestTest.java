package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.snaprail.localiot.internal.jobs.JobOrder;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.testkit.peer.Programs;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The REST twin with curl, as the developer guide does it under "HTTPS". Paths and documents are
 * those of "Device Shadow REST API" and "Jobs device HTTP API".
 */
class RestTest {
  private static final String THING = RunningEndpoint.THING;
  private static final String SHADOW = "/things/" + THING + "/shadow";
  private static final String JOBS = "/things/" + THING + "/jobs";

  // What the demo thing may do over HTTP: everything with itself, and one topic.
  private static final String POLICY =
      """
      {"Version":"2012-10-17","Statement":[
       {"Effect":"Allow","Action":["iot:GetThingShadow","iot:UpdateThingShadow",
         "iot:DeleteThingShadow","iot:ListNamedShadowsForThing","iot:GetPendingJobExecutions",
         "iot:StartNextPendingJobExecution","iot:DescribeJobExecution","iot:UpdateJobExecution"],
        "Resource":"arn:aws:iot:local:123456789012:thing/${iot:Connection.Thing.ThingName}"},
       {"Effect":"Allow","Action":"iot:GetRetainedMessage",
        "Resource":"arn:aws:iot:local:123456789012:topic/snaprail-demo/*"}]}\
      """;

  @TempDir private static Path folder;
  private static RunningEndpoint running;

  @BeforeAll
  static void start() throws Exception {
    Programs.require("curl", "curl");
    // Lenient for the client of bytes, which names no server in TLS.
    running = new RunningEndpoint(folder, false);
    Registry registry = running.endpoint.registry().orElseThrow();
    registry.policies().create("rest", POLICY);
    registry.policies().attach("rest", running.pki.active("demo").orElseThrow().fingerprint());
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  /** An answer: status, AWS's error header, and the document. */
  private record Answer(int status, String error, JsonElement body) {}

  private static Answer curl(String method, String path, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "--silent",
                "--include",
                "--http1.1",
                "--path-as-is",
                "--cacert",
                running.pki.rootsFile("localiot").toString(),
                "--cert",
                running.pki.certificateFile("demo").toString(),
                "--key",
                running.pki.keyFile("demo").toString(),
                "--request",
                method,
                "https://localhost:" + running.endpoint.restPort() + path));
    command.addAll(Arrays.asList(more));
    String said = Programs.succeed(command.toArray(String[]::new));
    String body = said.substring(said.indexOf("\r\n\r\n") + 4);
    String error =
        said.lines()
            .filter(line -> line.startsWith("x-amzn-ErrorType: "))
            .map(line -> line.substring(line.indexOf(' ') + 1).trim())
            .findFirst()
            .orElse("");
    return new Answer(Integer.parseInt(said.substring(9, 12)), error, JsonParser.parseString(body));
  }

  private static Answer ok(String method, String path, String... more) {
    Answer answer = curl(method, path, more);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer;
  }

  private static String member(Answer answer, String... path) {
    JsonElement found = answer.body();
    for (String name : path) {
      found = found.getAsJsonObject().get(name);
    }
    return String.valueOf(found).replace("\"", "");
  }

  @Test
  void shadowsAreUpdatedReadListedAndDeleted() throws Exception {
    for (String name : List.of("", "?name=one", "?name=two")) {
      Answer updated =
          ok(
              "POST",
              SHADOW + name,
              "--data",
              "{\"state\":{\"desired\":{\"a\":1}},\"clientToken\":\"t\"}");
      assertThat(member(updated, "state", "desired", "a")).isEqualTo("1");
      assertThat(member(updated, "clientToken")).isEqualTo("t");
      assertThat(member(ok("GET", SHADOW + name), "state", "delta", "a")).isEqualTo("1");
    }
    String list = "/api/things/shadow/ListNamedShadowsForThing/" + THING;
    assertThat(member(ok("GET", list), "results")).isEqualTo("[one,two]");
    Answer page = ok("GET", list + "?pageSize=1");
    assertThat(member(page, "results")).isEqualTo("[one]");
    Answer last = ok("GET", list + "?pageSize=1&nextToken=" + member(page, "nextToken"));
    assertThat(member(last, "results")).isEqualTo("[two]");
    assertThat(member(last, "nextToken")).isEqualTo("null");

    assertThat(ok("DELETE", SHADOW + "?name=one").body().getAsJsonObject().keySet())
        .containsExactly("version", "timestamp");
    Answer gone = curl("GET", SHADOW + "?name=one");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.error()).isEqualTo("ResourceNotFoundException");
    assertThat(member(gone, "message")).isEqualTo("No shadow exists with name: 'one'");
    assertThat(member(ok("GET", list), "results")).isEqualTo("[two]");
  }

  // "AWS IoT will also publish an MQTT message to the ... /update/delta topic".
  @Test
  void whatIsUpdatedByRestIsToldToSubscribersAndErrorsAreNot() throws Exception {
    String prefix = "$aws/things/" + THING + "/shadow/name/told/";
    try (RawClient client =
        new RawClient(running.pki.clientContext("demo", "localiot"), running.port())) {
      client.connect(THING, true, 60);
      client.subscribe(prefix + "update/+", 0);
      curl("POST", SHADOW + "?name=told", "--data", "{\"state\":7}");
      ok("POST", SHADOW + "?name=told", "--data", "{\"state\":{\"desired\":{\"a\":1}}}");
      assertThat(client.read().topic()).isEqualTo(prefix + "update/delta");
      assertThat(client.read().topic()).isEqualTo(prefix + "update/documents");
      assertThat(client.read().topic()).isEqualTo(prefix + "update/accepted");
    }
    ok("DELETE", SHADOW + "?name=told");
  }

  @Test
  void jobsAreListedStartedDescribedAndUpdated() throws Exception {
    running
        .services()
        .jobs()
        .create(
            new JobOrder(
                "job-1",
                new JobOrder.Targets(List.of(THING), List.of(), false),
                "{\"operation\":\"test\"}",
                "",
                0));
    assertThat(member(ok("GET", JOBS), "queuedJobs")).contains("jobId:job-1");
    assertThat(
            member(ok("GET", JOBS + "/job-1?includeJobDocument=false"), "execution", "jobDocument"))
        .isEqualTo("null");
    Answer next = ok("PUT", JOBS + "/$next", "--data", "{\"statusDetails\":{\"a\":\"b\"}}");
    assertThat(member(next, "execution", "status")).isEqualTo("IN_PROGRESS");
    assertThat(member(ok("GET", JOBS + "/%24next"), "execution", "jobDocument", "operation"))
        .isEqualTo("test");
    Answer mismatch =
        curl("POST", JOBS + "/job-1", "--data", "{\"status\":\"FAILED\",\"expectedVersion\":9}");
    assertThat(mismatch.status()).isEqualTo(409);
    ok("POST", JOBS + "/job-1", "--data", "{\"status\":\"SUCCEEDED\"}");
    Answer over = curl("GET", JOBS + "/job-1");
    assertThat(over.status()).isEqualTo(410);
    assertThat(over.error()).isEqualTo("TerminalStateException");
  }

  @Test
  void messagesArePublishedAndRetainedOnesAreRead() throws Exception {
    try (RawClient client =
        new RawClient(running.pki.clientContext("demo", "localiot"), running.port())) {
      client.connect(THING, true, 60);
      client.subscribe(THING + "/#", 1);
      Answer published = ok("POST", "/topics/" + THING + "%2Fa%20b?qos=1", "--data", "{\"v\":1}");
      assertThat(member(published, "message")).isEqualTo("OK");
      RawClient.Packet packet = client.read();
      assertThat(packet.topic()).isEqualTo(THING + "/a b");
      assertThat(packet.payload()).isEqualTo("{\"v\":1}");
      assertThat(packet.qos()).isEqualTo(1);
    }
    ok("POST", "/topics/" + THING + "/kept?retain=true", "--data", "kept");
    Answer kept = ok("GET", "/retainedMessage/" + THING + "%2Fkept");
    assertThat(
            new String(Base64.getDecoder().decode(member(kept, "payload")), StandardCharsets.UTF_8))
        .isEqualTo("kept");
    assertThat(curl("GET", "/retainedMessage/" + THING + "/none").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /things/other/shadow,                 403, ForbiddenException",
    "POST,   /topics/other,                        403, ForbiddenException",
    "GET,    /nothing,                             404, ResourceNotFoundException",
    "GET,    /,                                    404, ResourceNotFoundException",
    "PATCH,  /things/snaprail-demo/shadow,         405, MethodNotAllowedException",
    "PUT,    /things/snaprail-demo/jobs/x,         405, MethodNotAllowedException",
    "GET,    /topics/snaprail-demo,                405, MethodNotAllowedException",
    "GET,    /things/snaprail-demo/shadow?name=a.b, 400, InvalidRequestException",
    "POST,   /topics/snaprail-demo/x?qos=2,        400, InvalidRequestException",
    "POST,   /topics/snaprail-demo/%23,            400, InvalidRequestException",
    "GET,    /things/snaprail-demo/shadow%,        400, InvalidRequestException",
  })
  void refusesInAwsWords(String method, String path, int status, String error) {
    Answer answer = curl(method, path);
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.error()).isEqualTo(error);
    assertThat(member(answer, "message")).isNotEmpty();
  }

  @Test
  void aCertificateThatIsSwitchedOffIsUnauthorized() throws Exception {
    Registry registry = running.endpoint.registry().orElseThrow();
    String id = running.pki.active("demo").orElseThrow().fingerprint();
    registry.certificates().setStatus(id, Status.INACTIVE);
    try {
      // New connections are refused in TLS or told so, as the endpoint decides about certificates.
      Programs.Result result =
          Programs.run(
              "curl",
              "--silent",
              "--cacert",
              running.pki.rootsFile("localiot").toString(),
              "--cert",
              running.pki.certificateFile("demo").toString(),
              "--key",
              running.pki.keyFile("demo").toString(),
              "https://localhost:" + running.endpoint.restPort() + SHADOW);
      assertThat(result.code() != 0 || result.output().contains("Unauthorized")).isTrue();
    } finally {
      registry.certificates().setStatus(id, Status.ACTIVE);
    }
  }

  @Test
  void whoShowsNoCertificateGetsNoAnswer() {
    Programs.Result result =
        Programs.run(
            "curl",
            "--silent",
            "--insecure",
            "https://localhost:" + running.endpoint.restPort() + SHADOW);
    assertThat(result.code()).isNotZero();
    assertThat(result.output()).isEmpty();
  }

  @Test
  void whoDoesNotSpeakTlsIsSentAway() throws Exception {
    try (Socket socket = new Socket("localhost", running.endpoint.restPort())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      socket.getInputStream().readAllBytes();
    }
  }
}
