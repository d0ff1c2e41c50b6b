package io.snaprail.console;

import static io.snaprail.console.ApiCalls.code;
import static io.snaprail.console.ApiCalls.json;
import static io.snaprail.console.ApiCalls.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.security.Role;
import io.snaprail.api.uplink.UplinkStatus;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uplinks are shown, also those that do not run, and are made, changed and removed by API. */
class UplinkApiTest {
  private static final String PID = FakeField.UPLINK_PID + "~cloud";
  private static final String PATH = "/api/v1/uplinks/" + PID + "/configuration";

  private ApiCalls api;

  @BeforeEach
  void start() throws Exception {
    api = new ApiCalls();
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private List<JsonObject> uplinks() throws Exception {
    JsonArray all = json(api.get("/api/v1/uplinks")).getAsJsonArray("uplinks");
    return all.asList().stream().map(one -> one.getAsJsonObject()).toList();
  }

  @Test
  void whatIsConfiguredIsJoinedWithWhatRuns() throws Exception {
    api.field().configurations.put(PID, Map.of("host", "h"));
    UplinkStatus status = FakeGateway.uplink(UplinkStatus.State.CONNECTED, "");
    api.field().configurations.put(FakeField.UPLINK_PID + "~" + status.name(), Map.of());
    api.console.gateway.uplinks = List.of(status);
    api.console.gateway.problems =
        List.of(
            new ProblemBoard.Entry(
                PID,
                new Problem(Problem.Severity.ERROR, PID, "host: expected a name, found ''"),
                FakeGateway.T0));

    List<JsonObject> shown = uplinks();

    assertThat(shown).hasSize(2);
    JsonObject broken = find(shown, "cloud");
    assertThat(broken.get("status").isJsonNull()).isTrue();
    assertThat(broken.get("kind").getAsString()).isEqualTo("Acme historian");
    assertThat(broken.getAsJsonArray("problems").toString()).contains("expected a name");
    JsonObject running = find(shown, status.name());
    assertThat(running.getAsJsonObject("status").get("state").getAsString()).isEqualTo("CONNECTED");
    assertThat(running.getAsJsonArray("problems").isEmpty()).isTrue();
  }

  private static JsonObject find(List<JsonObject> all, String name) {
    return all.stream()
        .filter(one -> one.get("name").getAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** An OEM's uplink may have no form. */
  @Test
  void whatRunsWithoutAConfigurationIsShownToo() throws Exception {
    api.console.gateway.uplinks = List.of(FakeGateway.uplink(UplinkStatus.State.FAULT, "refused"));

    JsonObject only = uplinks().get(0);

    assertThat(only.get("pid").getAsString()).isEmpty();
    assertThat(only.getAsJsonObject("status").get("message").getAsString()).isEqualTo("refused");
  }

  @Test
  void anUplinkIsMadeAndRemoved() throws Exception {
    HttpResponse<String> made =
        api.send(Role.ADMIN, "PUT", PATH, "{\"settings\":{\"host\":\"h\"}}", "If-None-Match", "*");
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(json(made).get("connector").getAsString()).isEqualTo(FakeField.UPLINK_PID);

    assertThat(api.send(Role.ADMIN, "DELETE", PATH, "").statusCode()).isEqualTo(204);
    assertThat(api.field().configurations.saved).isEmpty();
  }

  /** By this path nothing else can be configured: not a device, and nothing of the system. */
  @Test
  void whatIsNoUplinkIsNotConfigured() throws Exception {
    String device = PATH.replace(FakeField.UPLINK_PID, FakeField.PID);
    HttpResponse<String> refused =
        api.send(Role.ADMIN, "PUT", device, "{\"settings\":{}}", "If-None-Match", "*");
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(code(refused)).isEqualTo("no_connector");
    assertThat(message(refused)).contains("No installed connector makes uplinks of");
    assertThat(
            api.send(Role.OPERATOR, "PUT", PATH, "{\"settings\":{}}", "If-None-Match", "*")
                .statusCode())
        .isEqualTo(403);
  }
}
