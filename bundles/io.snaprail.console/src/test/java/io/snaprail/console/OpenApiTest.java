package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.certificate.Expiry;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Inspection.Span;
import io.snaprail.api.health.Problem;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import io.snaprail.api.uplink.UplinkStatus;
import io.snaprail.console.internal.access.Sessions;
import io.snaprail.console.internal.api.Router;
import io.snaprail.console.internal.live.Broadcaster;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI file and the API together. */
class OpenApiTest {
  private static final JsonObject FILE = file();

  private ConsoleHarness console;
  private Browser script;

  private static JsonObject file() {
    InputStream in = OpenApiTest.class.getResourceAsStream("openapi.json");
    return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  @BeforeEach
  void start() throws Exception {
    console = new ConsoleHarness(0);
    script = new Browser(console.base);
    FakeGateway gateway = console.gateway;
    gateway.tokens.put(
        "t", new AccessTokens.TokenInfo("t", Role.ADMIN, FakeGateway.T0, "eva", null));
    gateway.expiries =
        List.of(
            new Expiry(
                Expiry.Kind.ROOT,
                "r",
                "CN=R",
                "0a",
                FakeGateway.T0,
                FakeGateway.T0.plusSeconds(9)));
    gateway.points =
        List.of(
            FakeGateway.good("a", "number", new Value.Float32(1.5f)),
            FakeGateway.good("a", "flag", new Value.Bool(true)),
            FakeGateway.good("a", "text", new Value.Text("x")),
            FakeGateway.point("a", "fresh", "", Access.READ, null),
            FakeGateway.point(
                "a", "bad", "", Access.READ, Sample.bad("bad", "no answer", FakeGateway.T0)));
    gateway.devices = List.of(FakeGateway.device("a", DeviceStatus.State.OFFLINE, "no answer"));
    gateway.uplinks = List.of(FakeGateway.uplink(UplinkStatus.State.WAITING, "refused"));
    gateway.problems = List.of(FakeGateway.problem(Problem.Severity.WARNING, "a", "no answer"));
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
  }

  @Test
  void everyRouteIsInTheFileAndTheReverseWithItsRole() throws Exception {
    FakeGateway services = new FakeGateway();
    Broadcaster broadcaster = new Broadcaster(services, new Sessions());
    Map<String, String> routes = new TreeMap<>();
    for (Router.Route route :
        ApiServlet.routes(services, broadcaster, Clock.systemUTC()).routes()) {
      routes.put(route.method() + " " + route.pattern(), route.role().name());
    }
    broadcaster.deactivate();
    Map<String, String> described = new TreeMap<>();
    for (Map.Entry<String, JsonElement> path : FILE.getAsJsonObject("paths").entrySet()) {
      for (Map.Entry<String, JsonElement> operation :
          path.getValue().getAsJsonObject().entrySet()) {
        described.put(
            operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
            operation.getValue().getAsJsonObject().get("x-role").getAsString());
      }
    }

    assertThat(described).isEqualTo(routes);
  }

  @Test
  void everyReferenceInTheFileLeadsSomewhere() {
    checkReferences(FILE);
  }

  private static void checkReferences(JsonElement element) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(OpenApiTest::checkReferences);
    } else if (element.isJsonObject()) {
      JsonElement reference = element.getAsJsonObject().get("$ref");
      if (reference != null) {
        assertThat(resolve(element.getAsJsonObject())).as(reference.getAsString()).isNotNull();
      }
      element.getAsJsonObject().asMap().values().forEach(OpenApiTest::checkReferences);
    }
  }

  @Test
  void realAnswersAreAsDescribed() throws Exception {
    for (String path :
        List.of(
            "/api/v1/devices",
            "/api/v1/points",
            "/api/v1/points?device=no",
            "/api/v1/health",
            "/api/v1/session",
            "/api/v1/tokens",
            "/api/v1/openapi.json")) {
      check("get", path, path.replaceAll("\\?.*", ""), "");
    }
    check("get", "/api/v1/points/a/bad", "/api/v1/points/{device}/{point}", "");
    check("get", "/api/v1/points/a/no", "/api/v1/points/{device}/{point}", "");
    check("post", "/api/v1/points/a/flag", "/api/v1/points/{device}/{point}", "{\"value\":false}");
    check("post", "/api/v1/points/a/flag", "/api/v1/points/{device}/{point}", "{");
    check("post", "/api/v1/tokens", "/api/v1/tokens", "{\"name\":\"n\",\"role\":\"VIEWER\"}");
    check("post", "/api/v1/tokens", "/api/v1/tokens", "{\"name\":\"n\",\"role\":\"VIEWER\"}");
    check("get", "/api/v1/identities", "/api/v1/identities", "");
    String rotate = "/api/v1/identities/{name}/rotate";
    check("post", rotate.replace("{name}", "a"), rotate, "{\"issuer\":\"quick\"}");
    check("post", rotate.replace("{name}", "a"), rotate, "{}");
    check("get", "/api/v1/rotations", "/api/v1/rotations", "");
    check("get", "/api/v1/expiries", "/api/v1/expiries", "");
    check("get", "/api/v1/public-roots", "/api/v1/public-roots", "");
    check("get", "/api/v1/refused-certificates", "/api/v1/refused-certificates", "");
    checkTheFieldSide();
    console.gateway.started = false;
    check("get", "/api/v1/points", "/api/v1/points", "");
  }

  private void checkTheFieldSide() throws Exception {
    FakeField field = console.gateway.field;
    field.buses = List.of(new BusStatus("b", List.of("a"), 0.5, 0, Double.NaN, 1, 0, 0, 0));
    field.inspections.put(
        "a",
        new Inspection(
            List.of(new Inspection.Fact("Vendor", "ACME")),
            List.of(new Inspection.Figure("rtt_p99_ms", "Round trip", Double.NaN, "ms")),
            List.of(
                new Inspection.Read(
                    "holding", 0, 1, List.of(new Span(0, 1, Inspection.Use.HOLE, ""))))));
    field.configurations.put(FakeField.PID + "~a", Map.of("host", "h"));
    field.configurations.put(FakeField.UPLINK_PID + "~u", Map.of("host", "h"));
    for (String path : List.of("buses", "figures", "drivers", "maps", "uplinks", "uplink-kinds")) {
      check("get", "/api/v1/" + path, "/api/v1/" + path, "");
    }
    String device = "/api/v1/devices/{device}/inspection";
    check("get", "/api/v1/devices/a/inspection", device, "");
    check("get", "/api/v1/devices/no/inspection", device, "");
    String configuration = "/api/v1/devices/{pid}/configuration";
    check("get", configuration.replace("{pid}", FakeField.PID + "~a"), configuration, "");
    check("get", configuration.replace("{pid}", FakeField.PID + "~no"), configuration, "");
    String uplink = "/api/v1/uplinks/{pid}/configuration";
    check("get", uplink.replace("{pid}", FakeField.UPLINK_PID + "~u"), uplink, "");
    check("get", uplink.replace("{pid}", FakeField.PID + "~u"), uplink, "");
    String test = "/api/v1/drivers/{pid}/test";
    check("post", test.replace("{pid}", FakeField.PID), test, "{\"settings\":{}}");
    check("post", test.replace("{pid}", FakeField.PID), test, "{}");
    String look = "/api/v1/drivers/{pid}/check";
    check("post", look.replace("{pid}", FakeField.PID), look, "{\"settings\":{}}");
    check("post", look.replace("{pid}", "no"), look, "{\"settings\":{}}");
    String tool = "/api/v1/drivers/{pid}/tools/{tool}";
    check("post", "/api/v1/drivers/" + FakeField.PID + "/tools/raw", tool, "{\"settings\":{}}");
    check("post", "/api/v1/drivers/" + FakeField.PID + "/tools/no", tool, "{\"settings\":{}}");
    check("get", "/api/v1/runs/run-1", "/api/v1/runs/{id}", "");
    check("get", "/api/v1/runs/no", "/api/v1/runs/{id}", "");
    check("post", "/api/v1/maps/check", "/api/v1/maps/check", "name,address,type\na,b\nc,d,e\n");
    check("get", "/api/v1/maps/no.csv", "/api/v1/maps/{name}", "");
  }

  private void check(String method, String path, String pattern, String body) throws Exception {
    HttpRequest.Builder request = script.request(path).header("Authorization", "Bearer srt_t");
    if (method.equals("post")) {
      request.POST(BodyPublishers.ofString(body));
    }
    HttpResponse<String> response = script.send(request);
    String what = method + " " + path + ": " + response.statusCode() + " " + response.body();
    JsonObject described =
        FILE.getAsJsonObject("paths")
            .getAsJsonObject(pattern)
            .getAsJsonObject(method)
            .getAsJsonObject("responses")
            .getAsJsonObject(String.valueOf(response.statusCode()));
    assertThat(described).as(what).isNotNull();
    JsonObject schema =
        resolve(described)
            .getAsJsonObject("content")
            .getAsJsonObject("application/json")
            .getAsJsonObject("schema");
    assertThat(mismatch(schema, JsonParser.parseString(response.body()), "")).as(what).isEmpty();
  }

  private static JsonObject resolve(JsonObject schema) {
    JsonElement reference = schema.get("$ref");
    if (reference == null) {
      return schema;
    }
    JsonObject found = FILE;
    for (String part : reference.getAsString().substring(2).split("/")) {
      found = found.getAsJsonObject(part);
    }
    return found;
  }

  /** The first place where a value is not as its schema says; empty when there is none. */
  private static String mismatch(JsonObject reference, JsonElement value, String at) {
    JsonObject schema = resolve(reference);
    if (value.isJsonNull()) {
      return schema.has("nullable") ? "" : at + " is null";
    }
    if (schema.has("oneOf")) {
      boolean fits =
          schema.getAsJsonArray("oneOf").asList().stream()
              .anyMatch(option -> mismatch(option.getAsJsonObject(), value, at).isEmpty());
      return fits ? "" : at + " fits none of its schemas";
    }
    return switch (schema.get("type").getAsString()) {
      case "object" -> objectMismatch(schema, value, at);
      case "array" -> arrayMismatch(schema, value, at);
      case "string" ->
          isPrimitive(value) && value.getAsJsonPrimitive().isString() && isOfEnum(schema, value)
              ? ""
              : at + " is " + value;
      case "boolean" ->
          isPrimitive(value) && value.getAsJsonPrimitive().isBoolean() ? "" : at + " is " + value;
      default ->
          isPrimitive(value) && value.getAsJsonPrimitive().isNumber() ? "" : at + " is " + value;
    };
  }

  private static boolean isPrimitive(JsonElement value) {
    return value.isJsonPrimitive();
  }

  private static boolean isOfEnum(JsonObject schema, JsonElement value) {
    return !schema.has("enum") || schema.getAsJsonArray("enum").contains(value);
  }

  private static String arrayMismatch(JsonObject schema, JsonElement value, String at) {
    if (!value.isJsonArray()) {
      return at + " is no array";
    }
    for (JsonElement item : value.getAsJsonArray()) {
      String wrong = mismatch(schema.getAsJsonObject("items"), item, at + "[]");
      if (!wrong.isEmpty()) {
        return wrong;
      }
    }
    return "";
  }

  private static String objectMismatch(JsonObject schema, JsonElement value, String at) {
    if (!value.isJsonObject()) {
      return at + " is no object";
    }
    if (!schema.has("properties")) {
      return "";
    }
    JsonObject properties = schema.getAsJsonObject("properties");
    for (JsonElement required : schema.getAsJsonArray("required")) {
      if (!value.getAsJsonObject().has(required.getAsString())) {
        return at + "." + required.getAsString() + " is missing";
      }
    }
    for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
      JsonObject property = properties.getAsJsonObject(entry.getKey());
      if (property == null) {
        return at + "." + entry.getKey() + " is not described";
      }
      String wrong = mismatch(property, entry.getValue(), at + "." + entry.getKey());
      if (!wrong.isEmpty()) {
        return wrong;
      }
    }
    return "";
  }
}
