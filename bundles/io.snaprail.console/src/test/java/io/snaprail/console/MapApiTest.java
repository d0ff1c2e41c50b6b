package io.snaprail.console;

import static io.snaprail.console.ApiCalls.code;
import static io.snaprail.console.ApiCalls.json;
import static io.snaprail.console.ApiCalls.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.api.security.Role;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Register maps by API. */
class MapApiTest {
  private static final String TWO_BAD = "name,address,type\na,1\nb,2,int16\nc,3\n";

  private ApiCalls api;

  @BeforeEach
  void start() throws Exception {
    api = new ApiCalls();
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private HttpResponse<String> put(String name, String text, String... headers) throws Exception {
    return api.send(Role.ADMIN, "PUT", "/api/v1/maps/" + name, text, headers);
  }

  @Test
  void aMapIsCheckedWithoutBeingKept() throws Exception {
    HttpResponse<String> checked = api.send(Role.OPERATOR, "POST", "/api/v1/maps/check", TWO_BAD);

    assertThat(checked.statusCode()).isEqualTo(200);
    assertThat(json(checked).getAsJsonArray("rows")).hasSize(1);
    assertThat(json(checked).getAsJsonArray("errors").get(1).toString())
        .isEqualTo(
            "{\"line\":4,\"column\":\"type\",\"message\":\"expected a type, found nothing\"}");
    assertThat(api.field().maps.own).isEmpty();
  }

  @Test
  void aMapIsKeptListedReadAndDeleted() throws Exception {
    HttpResponse<String> kept = put("meter.csv", TWO_BAD);

    assertThat(kept.statusCode()).isEqualTo(200);
    assertThat(json(kept).getAsJsonArray("errors")).hasSize(2);
    assertThat(api.field().maps.actors).containsExactly("token:ADMIN");
    assertThat(json(api.get("/api/v1/maps")).getAsJsonArray("maps")).hasSize(2);
    HttpResponse<String> read = api.get("/api/v1/maps/meter.csv");
    assertThat(read.body()).isEqualTo(TWO_BAD);
    assertThat(read.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
    assertThat(read.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"meter.csv\"");
    assertThat(api.send(Role.ADMIN, "DELETE", "/api/v1/maps/meter.csv", "").statusCode())
        .isEqualTo(204);
    assertThat(api.get("/api/v1/maps/meter.csv").statusCode()).isEqualTo(404);
  }

  @Test
  void aMapOfTheNameIsNotReplacedUnasked() throws Exception {
    put("meter.csv", TWO_BAD);

    assertThat(put("meter.csv", "x", "If-None-Match", "*").statusCode()).isEqualTo(412);
    assertThat(api.field().maps.own).containsEntry("meter.csv", TWO_BAD);
    assertThat(put("ready.csv", "x", "If-None-Match", "*").statusCode()).isEqualTo(200);
  }

  @Test
  void whatTheMapsRefuseIsToldInTheirWords() throws Exception {
    assertThat(put("meter.txt", "x").statusCode()).isEqualTo(422);
    assertThat(put("full.csv", "x").statusCode()).isEqualTo(503);
    assertThat(code(api.send(Role.ADMIN, "DELETE", "/api/v1/maps/ready.csv", "")))
        .isEqualTo("no_map");
    api.field().maps.user = "boiler";
    HttpResponse<String> used = api.send(Role.ADMIN, "DELETE", "/api/v1/maps/meter.csv", "");
    assertThat(used.statusCode()).isEqualTo(409);
    assertThat(message(used)).contains("boiler");
  }

  @Test
  void aTextInAnotherEncodingIsRefused() throws Exception {
    HttpResponse<String> refused = put("a.csv", "name\ufffd");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(message(refused)).contains("not UTF-8");
    assertThat(api.send(Role.OPERATOR, "POST", "/api/v1/maps/check", "\ufffd").statusCode())
        .isEqualTo(400);
  }

  @Test
  void aDeviceIsExported() throws Exception {
    HttpResponse<String> exported = api.get("/api/v1/devices/boiler/map.csv");

    assertThat(exported.body()).contains("temperature,holding:0,int16");
    assertThat(exported.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"boiler.csv\"");
    assertThat(api.get("/api/v1/devices/no/map.csv").statusCode()).isEqualTo(404);
  }

  @Test
  void eachRoleMayDoItsPart() throws Exception {
    assertThat(api.send(Role.VIEWER, "POST", "/api/v1/maps/check", TWO_BAD).statusCode())
        .isEqualTo(403);
    for (Role role : new Role[] {Role.VIEWER, Role.OPERATOR}) {
      assertThat(api.send(role, "PUT", "/api/v1/maps/a.csv", TWO_BAD).statusCode()).isEqualTo(403);
      assertThat(api.send(role, "DELETE", "/api/v1/maps/ready.csv", "").statusCode())
          .isEqualTo(403);
    }
    assertThat(api.field().maps.own).isEmpty();
  }

  @Test
  void aMapMayBeLargeButNotTooLarge() throws Exception {
    assertThat(put("a.csv", "x".repeat(RegisterMaps.MAX_BYTES)).statusCode()).isEqualTo(200);
    assertThat(put("b.csv", "x".repeat(RegisterMaps.MAX_BYTES + 1)).statusCode()).isEqualTo(413);
    assertThat(api.field().maps.own).containsOnlyKeys("a.csv");
  }

  @Test
  void withoutTheMapsTheApiSaysSo() throws Exception {
    api.console.gateway.started = false;

    assertThat(code(api.get("/api/v1/maps"))).isEqualTo("starting");
    assertThat(put("a.csv", "x").statusCode()).isEqualTo(503);
  }
}
