package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.setup.DemoSettings;
import io.snaprail.localiot.testing.RecordingBoard;
import io.snaprail.localiot.testing.TestPki;
import io.snaprail.testkit.ConsoleExtensionContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the endpoint's pages, on a whole endpoint. */
class EndpointPagesTest extends ConsoleExtensionContract {
  private static final String THING = "pump";
  private static final String FREE =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}}";

  @TempDir private Path folder;
  private TestPki pki;
  private Endpoint endpoint;
  private PageCalls calls;

  @BeforeEach
  void start() {
    pki = new TestPki(folder.resolve("pki"));
    EndpointSettings settings =
        new EndpointSettings(
            "127.0.0.1",
            0,
            new Arns("local", "123456789012"),
            new DemoSettings(THING, "demo", List.of("{{thing}}/*")),
            new Rules(false, 5));
    endpoint =
        new Endpoint(
            "test",
            settings,
            new Endpoint.Environment(
                pki,
                pki,
                new RecordingBoard(),
                Clock.systemUTC(),
                folder.resolve("localiot"),
                "config/x.json"));
    calls = new PageCalls(endpoint.pages());
    assertThat(extension().pages()).isNotEmpty();
    endpoint.start();
    await().until(() -> endpoint.ready());
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Override
  protected ConsoleExtension extension() {
    return endpoint.pages();
  }

  private String demoCertificate() throws Exception {
    return calls
        .get("certificates")
        .getAsJsonArray("certificates")
        .get(0)
        .getAsJsonObject()
        .get("id")
        .getAsString();
  }

  @Test
  void beforeTheEndpointHasStartedItIsSaidSo() throws Exception {
    Endpoint fresh =
        new Endpoint(
            "other",
            new EndpointSettings(
                "127.0.0.1",
                0,
                new Arns("local", "123456789012"),
                new DemoSettings("", "demo", List.of()),
                new Rules(false, 5)),
            new Endpoint.Environment(
                pki,
                pki,
                new RecordingBoard(),
                Clock.systemUTC(),
                folder.resolve("other"),
                "config/x.json"));
    try (fresh) {
      assertThat(new PageCalls(fresh.pages()).refused("GET", "things", "").status()).isEqualTo(503);
    }
  }

  @Test
  void aThingGetsACertificateFromItsRequest() throws Exception {
    calls.json("POST", "things", "{\"name\":\"valve\",\"attributes\":{\"site\":\"north\"}}");
    calls.json("POST", "policies", policy("all", FREE));
    JsonObject request = new JsonObject();
    request.addProperty(
        "csr", pki.createSigningRequest("valve", KeyType.EC_P256, "CN=valve", List.of()));
    request.addProperty("thing", "valve");
    request.addProperty("policy", "all");
    request.addProperty("active", true);

    String id = calls.json("POST", "certificates", request.toString()).get("id").getAsString();

    JsonObject shown = row(calls.get("certificates").getAsJsonArray("certificates"), "id", id);
    assertThat(shown.get("status").getAsString()).isEqualTo("ACTIVE");
    assertThat(shown.get("subject").getAsString()).isEqualTo("CN=valve");
    assertThat(shown.getAsJsonArray("things").toString()).isEqualTo("[\"valve\"]");
    assertThat(calls.text("GET", "certificates/" + id + "/pem", ""))
        .startsWith("-----BEGIN CERTIFICATE-----");
    JsonObject thing = row(calls.get("things").getAsJsonArray("things"), "name", "valve");
    assertThat(thing.getAsJsonObject("attributes").get("site").getAsString()).isEqualTo("north");
    assertThat(thing.getAsJsonArray("certificates").toString()).contains(id);
  }

  private static String policy(String name, String document) {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("document", document);
    return json.toString();
  }

  private static JsonObject row(JsonArray rows, String key, String value) {
    for (JsonElement one : rows) {
      if (one.getAsJsonObject().get(key).getAsString().equals(value)) {
        return one.getAsJsonObject();
      }
    }
    throw new AssertionError("no " + value + " in " + rows);
  }

  /** The registry's own refusals, with AWS's names for them. */
  @Test
  void whatTheRegistryRefusesIsAnAnswer() throws Exception {
    assertThat(calls.refused("POST", "things", "{\"name\":\"a b\"}").status()).isEqualTo(400);
    assertThat(calls.refused("POST", "things", "{\"name\":\"pump\"}").code())
        .isEqualTo("ResourceAlreadyExistsException");
    assertThat(calls.refused("DELETE", "things/none", "").code())
        .isEqualTo("ResourceNotFoundException");
    assertThat(calls.refused("DELETE", "certificates/" + demoCertificate(), "").code())
        .isEqualTo("CertificateStateException");
    assertThat(calls.refused("POST", "things", "{\"name\":7}")).hasMessageContaining("\"name\"");
  }

  @Test
  void aWrongPolicyIsMarkedAtItsLineAndColumn() throws Exception {
    String wrong =
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    { \"Effect\": \"Perhaps\",\n";
    String document = wrong + "      \"Action\": \"iot:*\", \"Resource\": \"*\" }\n  ]\n}";
    JsonObject fault = calls.json("POST", "policy-check", policy("x", document));
    assertThat(fault.get("message").getAsString()).contains("Perhaps");
    assertThat(fault.get("line").getAsInt()).isEqualTo(4);
    assertThat(fault.get("column").getAsInt()).isEqualTo(17);

    fault = calls.json("POST", "policy-check", policy("x", "{\n  \"Version\" 1 }"));
    assertThat(fault.get("line").getAsInt()).isEqualTo(2);

    assertThat(calls.json("POST", "policy-check", policy("x", FREE)).has("message")).isFalse();
  }

  private JsonObject trial(String key, String value, String action, String resource)
      throws Exception {
    JsonObject body = new JsonObject();
    body.addProperty(key, value);
    body.addProperty("clientId", THING);
    body.addProperty("action", action);
    body.addProperty("resource", resource);
    return calls.json("POST", "policy-try", body.toString());
  }

  /** The demo policy: a thing may use its own topics, by the variable of its name. */
  @Test
  void whetherSomethingWouldBeAllowedAndBecauseOfWhat() throws Exception {
    String certificate = demoCertificate();

    JsonObject yes = trial("certificate", certificate, "Publish", "pump/state");
    assertThat(yes.get("allowed").getAsBoolean()).isTrue();
    JsonObject match = yes.getAsJsonArray("matches").get(0).getAsJsonObject();
    assertThat(match.get("statement").getAsInt()).isEqualTo(2);
    assertThat(match.get("text").getAsString()).contains("iot:RetainPublish");
    assertThat(yes.get("resource").getAsString())
        .isEqualTo("arn:aws:iot:local:123456789012:topic/pump/state");
    assertThat(yes.getAsJsonArray("variables").toString())
        .contains("{\"name\":\"iot:Connection.Thing.ThingName\",\"values\":[\"pump\"]}");
    JsonObject no = trial("certificate", certificate, "Publish", "valve/state");
    assertThat(no.get("allowed").getAsBoolean()).isFalse();
    assertThat(no.getAsJsonArray("matches")).isEmpty();

    String deny = FREE.replace("Allow", "Deny");
    JsonObject draft = trial("document", deny, "Subscribe", "a/#");
    assertThat(draft.get("allowed").getAsBoolean()).isFalse();
    assertThat(draft.getAsJsonArray("matches").toString()).contains("\"effect\":\"DENY\"");

    calls.json("PUT", "certificates/" + certificate + "/status", "{\"status\":\"INACTIVE\"}");
    assertThat(trial("certificate", certificate, "Publish", "pump/state").get("words"))
        .asString()
        .contains("INACTIVE");
  }

  @Test
  void aShadowThatIsWaitedForIsShownAsSoonAsItChanges() throws Exception {
    JsonObject none = calls.get("shadows/pump/document?name=");
    assertThat(none.get("version").getAsInt()).isZero();
    CompletableFuture<ConsoleAnswer> waiting =
        calls.later("GET", "shadows/pump/document?name=&after=0", "");

    calls.json("PUT", "shadows/pump/document", "{\"state\":{\"desired\":{\"speed\":4}}}");

    ConsoleAnswer.Ready news = (ConsoleAnswer.Ready) waiting.get(10, TimeUnit.SECONDS);
    assertThat(new String(news.body(), StandardCharsets.UTF_8))
        .contains("\"delta\":{\"speed\":4}", "\"version\":1");
    calls.json("PUT", "shadows/pump/document?name=set", "{\"state\":{\"reported\":{\"a\":1}}}");
    assertThat(calls.get("shadows/pump").getAsJsonArray("names").toString()).isEqualTo("[\"set\"]");
    waiting = calls.later("GET", "shadows/pump/document?name=set&after=1", "");
    calls.json("DELETE", "shadows/pump/document?name=set", "");
    news = (ConsoleAnswer.Ready) waiting.get(10, TimeUnit.SECONDS);
    assertThat(new String(news.body(), StandardCharsets.UTF_8)).contains("\"version\":0");
    assertThat(calls.refused("PUT", "shadows/pump/document", "{\"state\":7}").status())
        .isEqualTo(400);
  }

  @Test
  void aJobIsMadeWatchedAndCancelled() throws Exception {
    JsonObject order = new JsonObject();
    order.addProperty("id", "restart-1");
    order.addProperty("thing", THING);
    order.addProperty("document", "{\"operation\":\"restart\"}");
    calls.json("POST", "jobs", order.toString());

    JsonObject job = calls.get("jobs/restart-1");
    assertThat(job.get("states").toString()).isEqualTo("{\"QUEUED\":1}");
    assertThat(job.get("document").getAsString()).contains("restart");
    calls.json("POST", "jobs/restart-1/cancel", "{}");
    assertThat(
            row(calls.get("jobs").getAsJsonArray("jobs"), "id", "restart-1")
                .get("status")
                .getAsString())
        .isEqualTo("CANCELED");
    calls.json("DELETE", "jobs/restart-1", "");
    assertThat(calls.refused("GET", "jobs/restart-1", "").status()).isEqualTo(404);
    order.addProperty("document", "restart");
    assertThat(calls.refused("POST", "jobs", order.toString())).hasMessageContaining("ocument");
  }

  @Test
  void aProvisioningTemplateIsKeptAndDeleted() throws Exception {
    String template =
        "{\"Resources\":{\"certificate\":{\"Type\":\"AWS::IoT::Certificate\",\"Properties\":{"
            + "\"CertificateId\":{\"Ref\":\"AWS::IoT::Certificate::Id\"}}}},"
            + "\"Parameters\":{\"AWS::IoT::Certificate::Id\":{\"Type\":\"String\"}}}";
    calls.json("PUT", "templates/pumps", policy("x", template));

    assertThat(calls.get("templates").toString()).isEqualTo("{\"templates\":[\"pumps\"]}");
    assertThat(calls.get("templates/pumps").get("document").getAsString())
        .contains("AWS::IoT::Certificate");
    assertThat(calls.refused("PUT", "templates/x", policy("x", "{")).status()).isEqualTo(400);
    calls.json("DELETE", "templates/pumps", "");
    assertThat(calls.get("templates").toString()).isEqualTo("{\"templates\":[]}");
  }

  @Test
  void aRuleIsKeptAndDeleted() throws Exception {
    String rule =
        "{\"sql\":\"SELECT * FROM"
            + " 'a/+'\",\"actions\":[{\"republish\":{\"topic\":\"b\",\"qos\":1}}]}";
    calls.json("PUT", "rules/hot", policy("x", rule));

    assertThat(calls.get("rules").toString()).contains("\"name\":\"hot\"", "SELECT");
    assertThat(calls.refused("PUT", "rules/x", policy("x", "{\"sql\":\"DROP\"}")).status())
        .isEqualTo(400);
    calls.json("DELETE", "rules/hot", "");
    assertThat(calls.get("rules").toString()).isEqualTo("{\"rules\":[]}");
  }

  private String connect(String clientId, String certificate) throws Exception {
    JsonObject body = new JsonObject();
    body.addProperty("clientId", clientId);
    body.addProperty("certificate", certificate);
    return "clients/" + calls.json("POST", "clients", body.toString()).get("id").getAsString();
  }

  @Test
  void aTestClientReceivesWhatItHasSubscribedTo() throws Exception {
    String client = connect("console-1", "");
    calls.json("POST", client + "/subscribe", "{\"filter\":\"a/+\",\"qos\":1}");
    CompletableFuture<ConsoleAnswer> waiting = calls.later("GET", client + "/messages?after=0", "");

    calls.json("POST", client + "/publish", "{\"topic\":\"a/b\",\"payload\":\"grüße\",\"qos\":1}");

    waiting.get(10, TimeUnit.SECONDS);
    JsonObject news = calls.get(client + "/messages?after=0");
    JsonObject message = news.getAsJsonArray("messages").get(0).getAsJsonObject();
    assertThat(message.get("topic").getAsString()).isEqualTo("a/b");
    assertThat(Base64.getDecoder().decode(message.get("payload").getAsString()))
        .isEqualTo("grüße".getBytes(StandardCharsets.UTF_8));
    assertThat(news.get("last").getAsInt()).isEqualTo(1);
    calls.text("DELETE", client, "");
    assertThat(calls.refused("GET", client + "/messages?after=0", "").status()).isEqualTo(404);
  }

  /** The demo policy lets the thing's own client id publish below its name and nowhere else. */
  @Test
  void aTestClientMayDoWhatItsCertificateMay() throws Exception {
    String certificate = demoCertificate();
    JsonObject other = new JsonObject();
    other.addProperty("clientId", "somebody");
    other.addProperty("certificate", certificate);
    assertThat(calls.refused("POST", "clients", other.toString()))
        .hasMessageContaining("iot:Connect");
    String client = connect(THING, certificate);
    assertThat(row(calls.get("things").getAsJsonArray("things"), "name", THING).get("connected"))
        .hasToString("true");
    calls.json("POST", client + "/publish", "{\"topic\":\"pump/x\",\"payload\":\"\",\"qos\":0}");
    assertThat(calls.refused("POST", client + "/subscribe", "{\"filter\":\"valve/#\",\"qos\":0}"))
        .hasMessageContaining("iot:Subscribe");

    assertThat(
            calls.refused(
                "POST", client + "/publish", "{\"topic\":\"valve/x\",\"payload\":\"\",\"qos\":0}"))
        .hasMessageContaining("iot:Publish");

    assertThat(calls.get(client + "/messages?after=0").get("ended").getAsString())
        .contains("valve/x");
  }

  /** A certificate that is not active any more ends the clients inside, too, and only those. */
  @Test
  void deactivatingACertificateEndsItsTestClients() throws Exception {
    String certificate = demoCertificate();
    String client = connect(THING, certificate);
    String free = connect("console-1", "");
    CompletableFuture<ConsoleAnswer> waiting = calls.later("GET", client + "/messages?after=0", "");

    calls.json("PUT", "certificates/" + certificate + "/status", "{\"status\":\"INACTIVE\"}");

    ConsoleAnswer.Ready news = (ConsoleAnswer.Ready) waiting.get(10, TimeUnit.SECONDS);
    assertThat(new String(news.body(), StandardCharsets.UTF_8)).contains("not ACTIVE");
    calls.json("POST", free + "/publish", "{\"topic\":\"a\",\"payload\":\"\",\"qos\":0}");
  }

  @Test
  void clientIdsThatAreReservedAreRefused() throws Exception {
    assertThat(calls.refused("POST", "clients", "{\"clientId\":\"$a\"}").status()).isEqualTo(422);
    assertThat(calls.refused("POST", "clients", "{\"clientId\":\"\"}").status()).isEqualTo(422);
  }
}
