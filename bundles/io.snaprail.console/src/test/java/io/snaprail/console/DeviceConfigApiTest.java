package io.snaprail.console;

import static io.snaprail.console.ApiCalls.code;
import static io.snaprail.console.ApiCalls.json;
import static io.snaprail.console.ApiCalls.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.security.Role;
import java.net.http.HttpResponse;
import java.util.Dictionary;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices are made, changed and removed by API, and nobody's change is lost in silence. */
class DeviceConfigApiTest {
  private static final String PID = FakeField.PID + "~boiler";
  private static final String PATH = "/api/v1/devices/" + PID + "/configuration";
  private static final String HOST = "{\"settings\":{\"host\":\"10.0.0.5\"}}";

  private ApiCalls api;
  private FakeConfigurations saved;

  @BeforeEach
  void start() throws Exception {
    api = new ApiCalls();
    saved = api.field().configurations;
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private HttpResponse<String> create(String body) throws Exception {
    return api.send(Role.ADMIN, "PUT", PATH, body, "If-None-Match", "*");
  }

  private HttpResponse<String> replace(String revision, String body) throws Exception {
    return api.send(Role.ADMIN, "PUT", PATH, body, "If-Match", revision);
  }

  @Test
  void aDeviceIsMadeWithItsTypes() throws Exception {
    HttpResponse<String> made =
        create(
            "{\"settings\":{\"host\":\"10.0.0.5\",\"port\":502,\"deep\":1.5,\"enabled\":true,"
                + "\"points\":[\"a,b,c\",\"d,e,f\"],\"none\":[]}}");

    assertThat(made.statusCode()).isEqualTo(201);
    Dictionary<String, Object> properties = saved.saved.get(PID);
    assertThat(properties.get("host")).isEqualTo("10.0.0.5");
    assertThat(properties.get("port")).isEqualTo(502L);
    assertThat(properties.get("deep")).isEqualTo(1.5);
    assertThat(properties.get("enabled")).isEqualTo(true);
    assertThat(properties.get("points")).isEqualTo(new String[] {"a,b,c", "d,e,f"});
    assertThat(properties.get("none")).isEqualTo(new String[0]);
    assertThat(json(made).get("name").getAsString()).isEqualTo("boiler");
    assertThat(made.headers().firstValue("ETag"))
        .hasValue("\"" + json(made).get("revision").getAsString() + "\"");
  }

  @Test
  void whatWasMadeIsShownWithoutWhatTheFrameworkAdds() throws Exception {
    create("{\"settings\":{\"host\":\"h\",\"points\":[\"a\"]}}");

    assertThat(json(api.get(PATH)).getAsJsonObject("settings"))
        .hasToString("{\"host\":\"h\",\"points\":[\"a\"]}");
  }

  @Test
  void aNameThatIsTakenIsNotTakenAgain() throws Exception {
    create(HOST);

    HttpResponse<String> again = create("{\"settings\":{\"host\":\"other\"}}");

    assertThat(again.statusCode()).isEqualTo(412);
    assertThat(code(again)).isEqualTo("exists");
    assertThat(saved.saved.get(PID).get("host")).isEqualTo("10.0.0.5");
  }

  /** RFC 9110, section 13.1.1: of two who edit the same the second is told. */
  @Test
  void aChangeFromAnOldRevisionIsRefused() throws Exception {
    create(HOST);
    String revision = json(api.get(PATH)).get("revision").getAsString();
    assertThat(replace("\"" + revision + "\"", "{\"settings\":{\"host\":\"b\"}}").statusCode())
        .isEqualTo(200);

    HttpResponse<String> late = replace("\"" + revision + "\"", "{\"settings\":{\"host\":\"c\"}}");

    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(message(late)).contains("nothing was saved");
    assertThat(saved.saved.get(PID).get("host")).isEqualTo("b");
    assertThat(api.send(Role.ADMIN, "DELETE", PATH, "", "If-Match", revision).statusCode())
        .isEqualTo(412);
    assertThat(saved.saved).containsKey(PID);
  }

  /** RFC 6585, section 3. */
  @Test
  void aChangeSaysWhatItReplaces() throws Exception {
    assertThat(api.send(Role.ADMIN, "PUT", PATH, HOST).statusCode()).isEqualTo(428);
    assertThat(replace("abc", HOST).statusCode()).isEqualTo(404);
    assertThat(saved.saved).isEmpty();
  }

  @Test
  void whatTheStorageRefusesIsToldInItsWords() throws Exception {
    saved.refusal = "config/x.json has just been changed by hand; nothing was saved";

    HttpResponse<String> refused = create(HOST);

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(message(refused)).contains("just been changed by hand");
  }

  @Test
  void changesAreAuditedByKeyAndNotByValue() throws Exception {
    create("{\"settings\":{\"host\":\"10.0.0.5\",\"port\":502}}");
    api.send(Role.ADMIN, "DELETE", PATH, "");

    assertThat(api.console.gateway.audited)
        .extracting(AuditEvent::action, AuditEvent::actor, AuditEvent::subject, AuditEvent::details)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                AuditEvent.Action.CONFIGURATION,
                "token:ADMIN",
                PID,
                Map.of("changed", "host,port")),
            org.assertj.core.groups.Tuple.tuple(
                AuditEvent.Action.CONFIGURATION, "token:ADMIN", PID, Map.of("changed", "removed")));
    assertThat(saved.saved).isEmpty();
  }

  @Test
  void withoutAuditNothingChanges() throws Exception {
    api.console.gateway.auditWorks = false;

    assertThat(create(HOST).statusCode()).isEqualTo(503);
    assertThat(saved.saved).isEmpty();
  }

  @Test
  void onlyAdministratorsChange() throws Exception {
    saved.put(PID, Map.of("host", "h"));
    for (Role role : new Role[] {Role.VIEWER, Role.OPERATOR}) {
      assertThat(api.send(role, "GET", PATH, "").statusCode()).isEqualTo(200);
      assertThat(api.send(role, "PUT", PATH, HOST, "If-Match", "*").statusCode()).isEqualTo(403);
      assertThat(api.send(role, "DELETE", PATH, "").statusCode()).isEqualTo(403);
    }
    assertThat(saved.saved).containsKey(PID);
  }

  /** Uplinks and accounts are no devices: this is no way to them. */
  @ParameterizedTest
  @CsvSource({
    "io.snaprail.mqtt~cloud, 404, no_driver",
    "io.snaprail.console, 404, no_driver",
    "acme.meter, 422, bad_name",
    "acme.meter~, 422, bad_name",
    "acme.meter~a%20b, 422, bad_name",
    "acme.meter~a*, 422, bad_name",
    "acme.meter~absent, 404, no_configuration"
  })
  void onlyDevicesOfInstalledDriversAreServed(String pid, int status, String code)
      throws Exception {
    saved.put("io.snaprail.mqtt~cloud", Map.of("host", "h"));

    HttpResponse<String> response = api.get("/api/v1/devices/" + pid + "/configuration");

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(code(response)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"settings\":[]}",
        "{\"settings\":{\"a\":null}}",
        "{\"settings\":{\"a\":{}}}",
        "{\"settings\":{\"a\":[1,\"b\"]}}",
        "{\"settings\":{\"a\":[[1]]}}",
        "{\"settings\":{\"a\":99999999999999999999}}"
      })
  void badSettingsAreRefused(String body) throws Exception {
    assertThat(create(body).statusCode()).isEqualTo(400);
    assertThat(saved.saved).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"service.pid", "service.factoryPid", "Service.BundleLocation", ""})
  void whatBelongsToTheFrameworkIsNoSetting(String key) throws Exception {
    assertThat(create("{\"settings\":{\"" + key + "\":\"x\"}}").statusCode()).isEqualTo(422);
  }

  @Test
  void aDeviceMayHaveManyPoints() throws Exception {
    String row = "\"" + "p".repeat(60) + ",holding:1,int16\"";
    String rows = (row + ",").repeat(5000) + row;

    assertThat(create("{\"settings\":{\"points\":[" + rows + "]}}").statusCode()).isEqualTo(201);
    String tooMany = (row + ",").repeat(15_000) + row;
    assertThat(replace("*", "{\"settings\":{\"points\":[" + tooMany + "]}}").statusCode())
        .isEqualTo(413);
  }
}
