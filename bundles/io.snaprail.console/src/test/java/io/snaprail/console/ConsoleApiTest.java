package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.health.Problem;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import io.snaprail.api.uplink.UplinkStatus;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API over real HTTPS, as a script with a token uses it. */
class ConsoleApiTest {
  private ConsoleHarness console;
  private Browser script;

  @BeforeEach
  void start() throws Exception {
    console = new ConsoleHarness(0);
    script = new Browser(console.base);
    for (Role role : Role.values()) {
      console.gateway.tokens.put(
          role.name(), new AccessTokens.TokenInfo(role.name(), role, FakeGateway.T0, "eva", null));
    }
    console.gateway.points =
        List.of(
            FakeGateway.good("boiler", "setpoint", new Value.Float64(75)),
            FakeGateway.good("tank", "level", new Value.Int(Long.MAX_VALUE)));
    console.gateway.devices =
        List.of(
            FakeGateway.device("boiler", DeviceStatus.State.ONLINE, ""),
            FakeGateway.device("tank", DeviceStatus.State.ONLINE, ""));
    console.gateway.uplinks = List.of(FakeGateway.uplink(UplinkStatus.State.CONNECTED, ""));
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
  }

  private HttpRequest.Builder as(Role role, String path) {
    return script.request(path).header("Authorization", "Bearer srt_" + role.name());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return script.send(as(Role.VIEWER, path));
  }

  private HttpResponse<String> write(Role role, String body) throws Exception {
    return script.send(
        as(role, "/api/v1/points/boiler/setpoint").POST(BodyPublishers.ofString(body)));
  }

  private static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private static String code(HttpResponse<String> response) {
    return json(response).getAsJsonObject("error").get("code").getAsString();
  }

  // ---- reading

  @Test
  void pointsShowValuesDigitForDigit() throws Exception {
    HttpResponse<String> response = get("/api/v1/points");

    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body())
        .contains("\"value\":9223372036854775807")
        .contains("\"value\":75.0");
    assertThat(json(response).getAsJsonArray("points")).hasSize(2);
  }

  @Test
  void pointsOfOneDevice() throws Exception {
    assertThat(json(get("/api/v1/points?device=tank")).getAsJsonArray("points")).hasSize(1);
    assertThat(code(get("/api/v1/points?device=no"))).isEqualTo("no_device");
    assertThat(get("/api/v1/points?device=no").statusCode()).isEqualTo(404);
    assertThat(json(get("/api/v1/points/tank/level")).get("quality").getAsString())
        .isEqualTo("GOOD");
    assertThat(get("/api/v1/points/tank/no").statusCode()).isEqualTo(404);
  }

  /** RFC 8259 knows no NaN. */
  @Test
  void whatJsonCannotExpressIsText() throws Exception {
    console.gateway.points = List.of(FakeGateway.good("a", "p", new Value.Float32(Float.NaN)));

    assertThat(get("/api/v1/points").body()).contains("\"value\":\"NaN\"");
  }

  @Test
  void healthSumsUp() throws Exception {
    assertThat(json(get("/api/v1/health")).get("status").getAsString()).isEqualTo("ok");
    console.gateway.devices =
        List.of(FakeGateway.device("boiler", DeviceStatus.State.OFFLINE, "no answer"));
    assertThat(json(get("/api/v1/health")).get("status").getAsString()).isEqualTo("warning");
    console.gateway.problems =
        List.of(FakeGateway.problem(Problem.Severity.ERROR, "boiler", "no answer"));
    assertThat(json(get("/api/v1/health")).get("status").getAsString()).isEqualTo("error");
  }

  @Test
  void whileTheCoreIsAwayTheApiSaysSo() throws Exception {
    console.gateway.started = false;

    for (String path :
        List.of("/api/v1/points", "/api/v1/devices", "/api/v1/health", "/api/v1/points/a/b")) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(503);
      assertThat(code(response)).isEqualTo("starting");
    }
    assertThat(write(Role.OPERATOR, "{\"value\":1}").statusCode()).isEqualTo(503);
  }

  @Test
  void metricsComeFromEverySourceThatWorks() throws Exception {
    console.gateway.metricSources.add(c -> c.counter("snaprail_x_total", "Xs.", 3, "d", "a\"b"));
    console.gateway.metricSources.add(
        c -> {
          throw new IllegalStateException("broken");
        });

    HttpResponse<String> response = get("/metrics");

    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body())
        .contains("# TYPE snaprail_x_total counter\nsnaprail_x_total{d=\"a\\\"b\"} 3\n")
        .contains("snaprail_metric_sources_failed 1\n")
        .contains("jvm_memory_used_bytes{area=\"heap\"} ");
  }

  // ---- mistakes

  @Test
  void mistakesAreNamed() throws Exception {
    assertThat(get("/api/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(code(get("/api/v1/nothing"))).isEqualTo("not_found");
    HttpResponse<String> wrong =
        script.send(as(Role.ADMIN, "/api/v1/health").POST(BodyPublishers.ofString("{}")));
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Allow")).hasValue("GET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"value\":}        | line 1 column",
        "{\"value\":1        | line 1 column",
        "{'value':1}         | line 1 column",
        "{\"value\":1} x     | line 1 column",
        "{\"value\":NaN}     | line 1 column",
        "[1]                 | expected an object",
        "\"\"                | expected an object",
        "{\"valu\":1}        | unknown key \"valu\"",
        "{}                  | \"value\" must be",
        "{\"value\":1,\"id\":7} | \"id\" must be",
        "{\"value\":1,\"expiresInMs\":99} | 100..60000",
        "{\"value\":1,\"expiresInMs\":\"1000\"} | 100..60000"
      })
  void aBadBodyIsNamedWithItsPlace(String body, String said) throws Exception {
    HttpResponse<String> response = write(Role.OPERATOR, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).getAsJsonObject("error").get("message").getAsString())
        .contains(said)
        .doesNotContain("Strictness");
    assertThat(console.gateway.commands).isEmpty();
  }

  // ---- writing

  @Test
  void aWriteGoesThroughTheGateWithItsSender() throws Exception {
    HttpResponse<String> response = write(Role.OPERATOR, "{\"value\":21,\"id\":\"c-1\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo("{\"id\":\"c-1\",\"status\":\"DONE\",\"message\":\"\",\"readBack\":null}\n");
    assertThat(console.gateway.commands).hasSize(1);
    assertThat(console.gateway.commands.get(0))
        .satisfies(
            command -> {
              assertThat(command.actor()).isEqualTo("token:OPERATOR");
              assertThat(command.origin()).isEqualTo("api");
              assertThat(command.device()).isEqualTo("boiler");
              assertThat(command.value()).isEqualTo(new Value.Int(21));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "DONE, 200",
    "REJECTED, 422",
    "NOT_FOUND, 404",
    "EXPIRED, 504",
    "UNKNOWN, 504",
    "FAILED, 502"
  })
  void everyOutcomeHasItsStatus(CommandOutcome.Status status, int http) throws Exception {
    CompletableFuture<CommandOutcome> later = new CompletableFuture<>();
    console.gateway.nextOutcome = later;
    CompletableFuture<HttpResponse<String>> response =
        script
            .client()
            .sendAsync(
                as(Role.OPERATOR, "/api/v1/points/boiler/setpoint")
                    .POST(BodyPublishers.ofString("{\"value\":1}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    await().until(() -> !console.gateway.commands.isEmpty());

    later.complete(new CommandOutcome("i", status, "because"));

    assertThat(response.get().statusCode()).isEqualTo(http);
    assertThat(json(response.get()).get("status").getAsString()).isEqualTo(status.name());
  }

  @Test
  void aViewerMayNotWrite() throws Exception {
    assertThat(write(Role.VIEWER, "{\"value\":1}").statusCode()).isEqualTo(403);
    assertThat(console.gateway.commands).isEmpty();
    assertThat(script.send(as(Role.OPERATOR, "/api/v1/tokens")).statusCode()).isEqualTo(403);
  }

  // ---- tokens

  @Test
  void aTokenIsMadeShownOnceAndRevoked() throws Exception {
    HttpResponse<String> made =
        script.send(
            as(Role.ADMIN, "/api/v1/tokens")
                .POST(BodyPublishers.ofString("{\"name\":\"ci\",\"role\":\"VIEWER\"}")));
    assertThat(made.statusCode()).isEqualTo(201);
    String secret = json(made).get("token").getAsString();

    assertThat(script.send(as(Role.ADMIN, "/api/v1/tokens")).body())
        .contains("\"ci\"")
        .doesNotContain(secret);
    assertThat(
            script
                .send(
                    as(Role.ADMIN, "/api/v1/tokens")
                        .POST(BodyPublishers.ofString("{\"name\":\"ci\",\"role\":\"VIEWER\"}")))
                .statusCode())
        .isEqualTo(422);
    assertThat(script.send(as(Role.ADMIN, "/api/v1/tokens/ci").DELETE()).statusCode())
        .isEqualTo(204);
    assertThat(script.send(as(Role.ADMIN, "/api/v1/tokens/ci").DELETE()).statusCode())
        .isEqualTo(404);
  }

  // ---- live values

  /** Reads events from a stream until one of a kind has come. */
  private static List<String> readUntil(InputStream in, String kind) throws Exception {
    List<String> kinds = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int next;
    boolean wanted = false;
    while ((next = in.read()) >= 0) {
      if (next != '\n') {
        line.append((char) next);
        continue;
      }
      String text = line.toString();
      line.setLength(0);
      if (text.startsWith("event: ")) {
        kinds.add(text.substring(7));
        wanted = text.equals("event: " + kind);
      } else if (text.startsWith("data: ") && wanted) {
        kinds.add(text.substring(6));
        return kinds;
      }
    }
    kinds.add("end");
    return kinds;
  }

  private HttpResponse<InputStream> open(HttpRequest.Builder request) throws Exception {
    return script
        .client()
        .send(
            request.timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void aPageGetsASnapshotAndThenOnlyChanges() throws Exception {
    HttpResponse<InputStream> stream = open(as(Role.VIEWER, "/api/v1/events"));
    assertThat(stream.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    List<String> first = readUntil(stream.body(), "status");
    assertThat(first).startsWith("snapshot", "status");

    console.gateway.points =
        List.of(
            console.gateway.points.get(0),
            FakeGateway.point(
                "tank",
                "level",
                "°C",
                Access.READ_WRITE,
                Sample.bad("level", "no answer", FakeGateway.T0)));
    List<String> second = readUntil(stream.body(), "changes");

    assertThat(second.get(second.size() - 1))
        .contains(
            "\"rows\":[[1,\"\",\"BAD\"," + FakeGateway.T0.toEpochMilli() + ",\"no answer\"]]");
    stream.body().close();
  }

  @Test
  void aPageIsToldWhenItsSessionEnds() throws Exception {
    script.login("viewer");
    HttpResponse<InputStream> stream = open(script.request("/api/v1/events"));
    readUntil(stream.body(), "snapshot");

    console.nanos.addAndGet(Duration.ofMinutes(11).toNanos());

    assertThat(readUntil(stream.body(), "bye")).contains("bye");
    assertThat(stream.body().read()).isEqualTo('\n');
    assertThat(stream.body().read()).isEqualTo(-1);
  }

  @Test
  void aRevokedTokenSeesNothingMore() throws Exception {
    HttpResponse<InputStream> stream = open(as(Role.VIEWER, "/api/v1/events"));
    readUntil(stream.body(), "snapshot");

    console.gateway.tokens.remove(Role.VIEWER.name());

    assertThat(readUntil(stream.body(), "bye")).contains("bye");
  }

  @Test
  void aTokenThatWasMadeAgainDoesNotKeepAnOldStreamOpen() throws Exception {
    HttpResponse<InputStream> stream = open(as(Role.VIEWER, "/api/v1/events"));
    readUntil(stream.body(), "snapshot");

    console.gateway.tokens.put(
        "VIEWER",
        new AccessTokens.TokenInfo(
            "VIEWER", Role.VIEWER, FakeGateway.T0.plusSeconds(1), "eva", null));

    assertThat(readUntil(stream.body(), "bye")).contains("bye");
  }

  @Test
  void onlySoManyPagesAreServed() throws Exception {
    List<InputStream> open = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      HttpResponse<InputStream> stream = open(as(Role.VIEWER, "/api/v1/events"));
      assertThat(stream.statusCode()).isEqualTo(200);
      open.add(stream.body());
    }

    HttpResponse<InputStream> refused = open(as(Role.VIEWER, "/api/v1/events"));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(new String(refused.body().readAllBytes(), StandardCharsets.UTF_8)).contains("busy");
    for (InputStream body : open) {
      body.close();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              // Only sending shows that a browser has gone.
              console.gateway.problems =
                  List.of(
                      FakeGateway.problem(
                          Problem.Severity.WARNING, "x", String.valueOf(System.nanoTime())));
              return open(as(Role.VIEWER, "/api/v1/events")).statusCode() == 200;
            });
  }
}
