package io.snaprail.console;

import static io.snaprail.console.ApiCalls.code;
import static io.snaprail.console.ApiCalls.json;
import static io.snaprail.console.ApiCalls.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Inspection.Span;
import io.snaprail.api.driver.Inspection.Use;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The field side by API: buses, inspections, drivers, tests and tools. */
class FieldApiTest {
  private static final String TEST = "/api/v1/drivers/" + FakeField.PID + "/test";
  private static final String SCAN = "/api/v1/drivers/" + FakeField.PID + "/tools/scan";
  private static final String RAW = "/api/v1/drivers/" + FakeField.PID + "/tools/raw";
  private static final String SETTINGS = "{\"settings\":{\"host\":\"h\",\"port\":502}}";

  private ApiCalls api;

  @BeforeEach
  void start() throws Exception {
    api = new ApiCalls();
    api.console.gateway.devices =
        List.of(
            FakeGateway.device("boiler", DeviceStatus.State.ONLINE, ""),
            FakeGateway.device("tank", DeviceStatus.State.ONLINE, ""));
    api.field().buses =
        List.of(
            new BusStatus(
                "tcp:127.0.0.1:5020", List.of("boiler", "tank"), 0, 0, Double.NaN, 0, 0, 0, 0));
    api.field()
        .inspections
        .put(
            "boiler",
            new Inspection(
                List.of(new Inspection.Fact("Vendor", "ACME")),
                List.of(
                    new Inspection.Figure("timeouts", "Time-outs", 0, ""),
                    new Inspection.Figure("rtt_p99_ms", "Round trip", Double.NaN, "ms")),
                List.of(
                    new Inspection.Read(
                        "holding",
                        0,
                        3,
                        List.of(
                            new Span(0, 1, Use.POINT, "setpoint"),
                            new Span(1, 2, Use.QUARANTINED, "refused"))))));
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  @Test
  void busesTellZeroFromUnknown() throws Exception {
    JsonObject bus =
        json(api.get("/api/v1/buses")).getAsJsonArray("buses").get(0).getAsJsonObject();

    assertThat(bus.get("use").getAsDouble()).isZero();
    assertThat(bus.get("lateP99Ms").isJsonNull()).isTrue();
    assertThat(bus.getAsJsonArray("devices")).hasSize(2);
  }

  @Test
  void anInspectionIsShownAsTheDriverTellsIt() throws Exception {
    JsonObject told = json(api.get("/api/v1/devices/boiler/inspection"));

    assertThat(told.getAsJsonArray("figures").get(0).toString()).contains("\"value\":0.0");
    assertThat(told.getAsJsonArray("figures").get(1).toString()).contains("\"value\":null");
    assertThat(told.getAsJsonArray("reads").get(0).toString())
        .contains("\"use\":\"QUARANTINED\"")
        .contains("\"label\":\"refused\"");
  }

  @Test
  void aDriverThatTellsNothingIsNoMistake() throws Exception {
    HttpResponse<String> response = api.get("/api/v1/devices/tank/inspection");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).getAsJsonArray("reads")).isEmpty();
    assertThat(code(api.get("/api/v1/devices/no/inspection"))).isEqualTo("no_device");
  }

  @Test
  void figuresOfOneBus() throws Exception {
    JsonArray all = json(api.get("/api/v1/figures")).getAsJsonArray("devices");
    assertThat(all).hasSize(2);
    assertThat(all.get(0).toString()).contains("rtt_p99_ms");
    assertThat(json(api.get("/api/v1/figures?bus=tcp:127.0.0.1:5020")).getAsJsonArray("devices"))
        .hasSize(2);
    assertThat(json(api.get("/api/v1/figures?bus=x")).getAsJsonArray("devices")).isEmpty();
  }

  @Test
  void driversComeWithFormsAndTools() throws Exception {
    JsonObject driver =
        json(api.get("/api/v1/drivers")).getAsJsonArray("drivers").get(0).getAsJsonObject();

    assertThat(driver.get("testable").getAsBoolean()).isTrue();
    assertThat(driver.getAsJsonArray("fields").get(0).toString()).contains("\"required\":true");
    assertThat(driver.getAsJsonArray("fields").get(2).toString())
        .contains("\"min\":10", "\"max\":null", "\"common\":true");
    assertThat(driver.getAsJsonArray("tools").get(0).toString())
        .contains("\"role\":\"OPERATOR\"", "\"max\":247");
    assertThat(driver.getAsJsonArray("tools").get(1).toString()).contains("\"role\":\"ADMIN\"");
  }

  @Test
  void driversComeWithPresets() throws Exception {
    JsonObject preset =
        json(api.get("/api/v1/drivers"))
            .getAsJsonArray("drivers")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("presets")
            .get(0)
            .getAsJsonObject();

    assertThat(preset.get("source").getAsString()).isEqualTo("Eastern manual 4.2");
    assertThat(preset.getAsJsonObject("settings").get("order").getAsString()).isEqualTo("BA");
    assertThat(preset.getAsJsonArray("points").get(0).getAsString()).isEqualTo("power,1,int16");
  }

  @Test
  void whatToMindIsToldWithoutTryingAnything() throws Exception {
    String check = TEST.replace("/test", "/check");
    assertThat(api.send(Role.OPERATOR, "POST", check, SETTINGS).body())
        .contains("{\"notes\":[\"The order is unusual.\"],\"wrong\":\"\"}");
    api.field().runs.failure = new IllegalArgumentException("host: expected a name, found nothing");
    assertThat(api.send(Role.OPERATOR, "POST", check, SETTINGS).body())
        .contains("\"wrong\":\"host: expected a name, found nothing\"");
    assertThat(api.send(Role.VIEWER, "POST", check, SETTINGS).statusCode()).isEqualTo(403);
    assertThat(api.field().runs.started).isEmpty();
  }

  /**
   * Of a live run the newest rows are kept: what is asked for from an older one on begins later.
   */
  @Test
  void rowsOfALiveRunAreCountedFromItsBeginning() throws Exception {
    api.field().runs.known.put("live", FakeField.live(5_000, 3));

    JsonObject all = json(api.send(Role.OPERATOR, "GET", "/api/v1/runs/live?from=10", ""));
    JsonObject rest = json(api.send(Role.OPERATOR, "GET", "/api/v1/runs/live?from=5002", ""));

    assertThat(all.get("rowCount").getAsInt()).isEqualTo(5_003);
    assertThat(all.getAsJsonArray("rows")).hasSize(3);
    assertThat(rest.getAsJsonArray("rows")).hasSize(1);
  }

  @Test
  void withoutTheCoreThereAreFormsButNoTools() throws Exception {
    api.console.gateway.started = false;

    JsonObject driver =
        json(api.get("/api/v1/drivers")).getAsJsonArray("drivers").get(0).getAsJsonObject();

    assertThat(driver.get("testable").getAsBoolean()).isFalse();
    assertThat(driver.getAsJsonArray("tools")).isEmpty();
    assertThat(api.send(Role.ADMIN, "POST", TEST, SETTINGS).statusCode()).isEqualTo(503);
  }

  @Test
  void aTestBeginsWithTheSettingsAsTheyStand() throws Exception {
    HttpResponse<String> begun = api.send(Role.OPERATOR, "POST", TEST, SETTINGS);

    assertThat(begun.statusCode()).isEqualTo(202);
    assertThat(begun.headers().firstValue("Location")).hasValue("/api/v1/runs/run-1");
    assertThat(json(begun).get("id").getAsString()).isEqualTo("run-1");
    assertThat(api.field().runs.started)
        .containsExactly(
            new FakeField.Started(
                FakeField.PID,
                "test",
                Map.of("host", "h", "port", 502L),
                Map.of(),
                new Principal("token:OPERATOR", Role.OPERATOR)));
  }

  @Test
  void aToolTakesItsParameters() throws Exception {
    String body = "{\"settings\":{},\"parameters\":{\"first\":7,\"kind\":\"b\"}}";

    assertThat(api.send(Role.OPERATOR, "POST", SCAN, body).statusCode()).isEqualTo(202);
    assertThat(api.field().runs.started.get(0).parameters())
        .isEqualTo(Map.of("first", "7", "kind", "b"));
    assertThat(code(api.send(Role.ADMIN, "POST", SCAN + "x", body))).isEqualTo("no_tool");
  }

  @Test
  void eachToolTakesItsRole() throws Exception {
    assertThat(api.send(Role.VIEWER, "POST", TEST, SETTINGS).statusCode()).isEqualTo(403);
    assertThat(api.send(Role.VIEWER, "POST", SCAN, SETTINGS).statusCode()).isEqualTo(403);
    HttpResponse<String> refused = api.send(Role.OPERATOR, "POST", RAW, SETTINGS);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(message(refused)).contains("ADMIN");
    assertThat(api.field().runs.started).isEmpty();
    assertThat(api.send(Role.ADMIN, "POST", RAW, SETTINGS).statusCode()).isEqualTo(202);
  }

  @Test
  void whatTheCoreRefusesIsToldInItsWords() throws Exception {
    api.field().runs.failure = new IllegalArgumentException("host: expected a name, found ''");
    HttpResponse<String> wrong = api.send(Role.OPERATOR, "POST", TEST, SETTINGS);
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(message(wrong)).isEqualTo("host: expected a name, found ''");

    api.field().runs.failure = new IllegalStateException("4 runs are under way");
    HttpResponse<String> busy = api.send(Role.OPERATOR, "POST", SCAN, SETTINGS);
    assertThat(busy.statusCode()).isEqualTo(503);
    assertThat(busy.headers().firstValue("Retry-After")).isPresent();

    api.field().runs.failure = new SecurityException("not you");
    assertThat(api.send(Role.OPERATOR, "POST", SCAN, SETTINGS).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}",
        "{\"settings\":1}",
        "{\"settings\":{},\"parameters\":1}",
        "{\"settings\":{},\"parameters\":{\"a\":[]}}"
      })
  void badBodiesAreRefused(String body) throws Exception {
    assertThat(api.send(Role.OPERATOR, "POST", SCAN, body).statusCode()).isEqualTo(400);
    assertThat(api.field().runs.started).isEmpty();
  }

  @Test
  void aRunIsFollowedRowByRow() throws Exception {
    api.send(Role.OPERATOR, "POST", TEST, SETTINGS);

    JsonObject run = json(api.send(Role.OPERATOR, "GET", "/api/v1/runs/run-1?from=2", ""));

    assertThat(run.get("state").getAsString()).isEqualTo("RUNNING");
    assertThat(run.get("rowCount").getAsInt()).isEqualTo(3);
    assertThat(run.getAsJsonArray("rows")).hasToString("[[\"3\",\"answers\"]]");
    assertThat(json(api.send(Role.OPERATOR, "GET", "/api/v1/runs/run-1?from=9", "")).get("rows"))
        .hasToString("[]");
    assertThat(api.send(Role.OPERATOR, "GET", "/api/v1/runs/run-1?from=-1", "").statusCode())
        .isEqualTo(400);
    assertThat(code(api.send(Role.OPERATOR, "GET", "/api/v1/runs/no", ""))).isEqualTo("no_run");
    assertThat(api.get("/api/v1/runs/run-1").statusCode()).isEqualTo(403);
  }

  @Test
  void aRunIsCancelled() throws Exception {
    api.send(Role.OPERATOR, "POST", TEST, SETTINGS);

    assertThat(api.send(Role.OPERATOR, "DELETE", "/api/v1/runs/run-1", "").statusCode())
        .isEqualTo(204);
    assertThat(api.field().runs.cancelled).containsExactly("run-1");
    assertThat(api.send(Role.OPERATOR, "DELETE", "/api/v1/runs/no", "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void aValueThatWasReadBackIsTold() throws Exception {
    api.console.gateway.nextOutcome =
        CompletableFuture.completedFuture(
            new CommandOutcome("c", CommandOutcome.Status.DONE, "", new Value.Int(21)));

    HttpResponse<String> written =
        api.send(Role.OPERATOR, "POST", "/api/v1/points/boiler/x", "{\"value\":21}");

    assertThat(json(written).get("readBack").getAsInt()).isEqualTo(21);
  }
}
