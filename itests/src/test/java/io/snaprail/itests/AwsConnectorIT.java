package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.Test;

/**
 * The AWS IoT connector of a gateway at the local endpoint: shadows, the back channel, fleet
 * provisioning and rotation. The cloud's side is Mosquitto's clients and the endpoint's own pages.
 */
public class AwsConnectorIT {
  private static final Path MOSQUITTO_PUB = Path.of("/usr/bin/mosquitto_pub");
  private static final Path MOSQUITTO_SUB = Path.of("/usr/bin/mosquitto_sub");
  private static final Path PYMODBUS =
      Path.of(System.getProperty("snaprail.work"))
          .resolve("../../src/test/python/modbus_server.py");
  private static final String PEER = "io.snaprail.driver.modbus.tcp~peer.json";
  private static final String ENDPOINT = "/api/v1/ext/localiot/";
  private static final String PLANT = ENDPOINT + "shadows/snaprail-demo/document?name=plant";
  private static final String ARN = "arn:aws:iot:local:123456789012:";
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String EVERYTHING =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
      """;

  // AWS IoT Core developer guide, "Provisioning by claim", with create-from-csr.
  private static final String CLAIM =
      """
      {"Version":"2012-10-17","Statement":[
       {"Effect":"Allow","Action":"iot:Connect","Resource":"*"},
       {"Effect":"Allow","Action":["iot:Publish","iot:Receive"],"Resource":[
        "ARNtopic/$aws/certificates/create-from-csr/*",
        "ARNtopic/$aws/provisioning-templates/fleet/provision/*"]},
       {"Effect":"Allow","Action":"iot:Subscribe","Resource":[
        "ARNtopicfilter/$aws/certificates/create-from-csr/*",
        "ARNtopicfilter/$aws/provisioning-templates/fleet/provision/*"]}]}
      """
          .replace("ARN", ARN);

  private static final String TEMPLATE =
      """
      {"Parameters":{"SerialNumber":{"Type":"String"},"AWS::IoT::Certificate::Id":{"Type":"String"}},
       "Resources":{
        "thing":{"Type":"AWS::IoT::Thing","Properties":{
          "ThingName":{"Fn::Join":["",["gw-",{"Ref":"SerialNumber"}]]}}},
        "certificate":{"Type":"AWS::IoT::Certificate","Properties":{
          "CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"Active"}},
        "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"everything"}}}}
      """;

  private DemoProcess demo;
  private ConsoleApi console;

  @Test
  public void shadowsBackChannelProvisioningAndRotation() throws Exception {
    Program.require(MOSQUITTO_SUB, "mosquitto-clients");
    try (DemoProcess process = new DemoProcess("aws")) {
      demo = process;
      configure(
          "cloud",
          """
          {"endpoint":"localhost","port":PORT,"thing":"snaprail-demo","identity":"demo",
           "roots":"localiot","shadow":"device","shadow.write":["plant/boiler.*"],
           "shadow.gateway":true,"shadow.gateway.write":true,
           "commands.request.topic":"mcc/{{thing}}/request",
           "commands.answer.topic":"mcc/{{thing}}/answer",
           "commands.write":["plant/pump.speed"],
           "commands.raw":["plant/Read*","plant/WriteSingleRegister","peer/*"]}
          """);
      demo.start();
      demo.awaitLine("First value:");
      console = ConsoleApi.claim(demo);
      policy("everything", EVERYTHING);
      desiredValueIsWrittenReadBackAndReported();
      whatIsNotAllowedIsAnsweredInTheShadow();
      deviceIsSwitchedByTheShadowOfTheGateway();
      backChannelReadsAndWrites();
      gatewayProvisionsItselfByClaimAndRotates();
    }
  }

  private void configure(String name, String settings) throws Exception {
    Files.writeString(
        demo.config.resolve("io.snaprail.awsiot~" + name + ".json"),
        settings.replace("PORT", Integer.toString(demo.brokerPort)));
  }

  private void policy(String name, String document) throws Exception {
    console.call("POST", ENDPOINT + "policies", object("name", name, "document", document));
  }

  private static JsonObject object(String... pairs) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < pairs.length; i += 2) {
      object.addProperty(pairs[i], pairs[i + 1]);
    }
    return object;
  }

  private void desire(String shadow, String desired) throws Exception {
    console.call(
        "PUT",
        ENDPOINT + "shadows/snaprail-demo/document?name=" + shadow,
        JsonParser.parseString("{\"state\":{\"desired\":" + desired + "}}").getAsJsonObject());
  }

  private JsonElement reported(String path) throws Exception {
    return reported(PLANT, path);
  }

  private JsonElement reported(String shadow, String path) throws Exception {
    JsonElement at = console.read(shadow).getAsJsonObject("state").get("reported");
    for (String key : path.split("/")) {
      at = at == null || !at.isJsonObject() ? null : at.getAsJsonObject().get(key);
    }
    return at;
  }

  private void desiredValueIsWrittenReadBackAndReported() throws Exception {
    await().atMost(SOON).until(() -> reported("boiler.setpoint") != null);
    desire("plant", "{\"boiler.setpoint\":63.5}");
    await().atMost(SOON).until(() -> reported("boiler.setpoint").getAsDouble() == 63.5);
    JsonObject state = console.read(PLANT).getAsJsonObject("state");
    assertThat(state.has("delta")).isFalse();
    // One write, and one line that says who wanted it.
    String audit = Image.read(demo.data.resolve("audit/audit.jsonl"));
    assertThat(audit.lines().filter(l -> l.contains("\"shadow\"") && l.contains("DONE")))
        .hasSize(1);
  }

  private void whatIsNotAllowedIsAnsweredInTheShadow() throws Exception {
    desire("plant", "{\"tank.draw\":7,\"boiler.trim\":9}");
    String status = "_status/";
    await().atMost(SOON).until(() -> reported(status + "boiler.trim/code") != null);
    assertThat(reported(status + "tank.draw/code").getAsString()).isEqualTo("NOT_ALLOWED");
    assertThat(reported(status + "boiler.trim/message").getAsString()).contains("expected -5..5");
    assertThat(reported("tank.draw").getAsDouble()).isEqualTo(6.0);
  }

  private void deviceIsSwitchedByTheShadowOfTheGateway() throws Exception {
    String shadow = ENDPOINT + "shadows/snaprail-demo/document?name=gateway";
    await().atMost(SOON).until(() -> reported(shadow, "devices/weather/enabled") != null);
    String level = "certificates/identity/demo/level";
    await().atMost(SOON).until(() -> reported(shadow, level) != null);
    assertThat(reported(shadow, level).getAsString()).isEqualTo("FINE");
    desire("gateway", "{\"devices\":{\"weather\":{\"periodMs\":2500}}}");
    await()
        .atMost(SOON)
        .until(() -> reported(shadow, "devices/weather/periodMs").getAsInt() == 2_500);
    assertThat(Image.read(demo.config.resolve("io.snaprail.driver.simulator~weather.json")))
        .contains("2500");
  }

  private void backChannelReadsAndWrites() throws Exception {
    Path folder = Files.createTempDirectory(Image.WORK, "cloud");
    JsonObject made =
        console.call("POST", ENDPOINT + "certificates/keys", activeWith("everything"));
    Path certificate = Files.writeString(folder.resolve("app.pem"), made.get("pem").getAsString());
    Path key = Files.writeString(folder.resolve("app.key"), made.get("privateKey").getAsString());
    String roots = console.read("/api/v1/roots/localiot").get("pem").getAsString();
    Path ca = Files.writeString(folder.resolve("ca.pem"), roots);
    Object[] tls = {
      "-h", "localhost", "-p", demo.brokerPort, "--cafile", ca, "--cert", certificate, "--key", key
    };
    try (Program answers = mosquitto(MOSQUITTO_SUB, tls, "-t", "mcc/snaprail-demo/answer")) {
      await()
          .atMost(SOON)
          .until(
              () -> {
                ask(
                    tls,
                    "r1",
                    "{\"operation\":\"ReadPoints\",\"device\":\"plant\",\"point\":\"pump.speed\"}",
                    null);
                return answers.line("\"r1\"") != null;
              });
      assertThat(answers.line("\"r1\"")).contains("\"value\":80", "\"quality\":\"GOOD\"");
      String write =
          "{\"operation\":\"WritePoint\",\"device\":\"plant\",\"point\":\"pump.speed\",\"value\":70}";
      ask(tls, "w1", write, null);
      await().atMost(SOON).until(() -> answers.line("\"w1\"") != null);
      assertThat(answers.line("\"w1\"")).contains("\"success\"", "\"value\":70");
      // The same again is answered again, and not written again.
      ask(tls, "w1", write, null);
      await()
          .atMost(SOON)
          .until(() -> answers.lines().stream().filter(l -> l.contains("\"w1\"")).count() == 2);
      ask(tls, "w2", write.replace("pump.speed", "boiler.burner"), null);
      ask(tls, "w3", write, Instant.now().minusSeconds(1).toString());
      await().atMost(SOON).until(() -> answers.line("\"w3\"") != null);
      assertThat(answers.line("\"w2\"")).contains("NOT_ALLOWED", "commands.write");
      assertThat(answers.line("\"w3\"")).contains("EXPIRED");
      String audit = Image.read(demo.data.resolve("audit/audit.jsonl"));
      assertThat(audit.lines().filter(l -> l.contains("back channel") && l.contains("DONE")))
          .hasSize(1);
      rawRequests(tls, answers);
    }
  }

  /**
   * Register 1 of the plant is the setpoint in tenths: what is written raw is the point's value.
   */
  private void rawRequests(Object[] tls, Program answers) throws Exception {
    String write = "{\"operation\":\"WriteSingleRegister\",\"device\":\"plant\",\"address\":0,";
    ask(tls, "x1", write + "\"value\":655}", null);
    await().atMost(SOON).until(() -> answers.line("\"x1\"") != null);
    assertThat(answers.line("\"x1\"")).contains("\"success\"", "\"registers\":[655]");
    await()
        .atMost(SOON)
        .until(
            () ->
                console
                    .read("/api/v1/points/plant/boiler.setpoint")
                    .toString()
                    .contains("\"value\":65.5"));
    ask(tls, "x2", write.replace("SingleRegister", "SingleCoil") + "\"value\":true}", null);
    await().atMost(SOON).until(() -> answers.line("\"x2\"") != null);
    assertThat(answers.line("\"x2\"")).contains("NOT_ALLOWED", "commands.raw");
    // The plant's slave has no such register: its own words come through.
    ask(
        tls,
        "x3",
        "{\"operation\":\"ReadHoldingRegisters\",\"device\":\"plant\",\"address\":9000,\"count\":2}",
        null);
    await().atMost(SOON).until(() -> answers.line("\"x3\"") != null);
    assertThat(answers.line("\"x3\"")).contains("DEVICE_REFUSED", "\"exception_code\":2");
    Program.requirePython(
        "pymodbus.server", "python3-pymodbus, python3-serial and python3-serial-asyncio");
    int port = Ports.free();
    try (Program peer = Program.start("/usr/bin/python3", PYMODBUS, port)) {
      rawRequestsToPymodbus(tls, answers, port);
      Files.delete(demo.config.resolve(PEER));
      assertThat(peer.process().isAlive()).isTrue();
    }
  }

  /** A slave that nobody here wrote. MODBUS Application Protocol V1.1b3, sections 6.1 to 6.12. */
  private void rawRequestsToPymodbus(Object[] tls, Program answers, int port) throws Exception {
    Files.writeString(
        demo.config.resolve(PEER),
        """
        {"host":"127.0.0.1","port":%d,"points":["temperature,holding:100,int16"]}
        """
            .formatted(port));
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(
            () ->
                console
                    .read("/api/v1/points/peer/temperature")
                    .toString()
                    .contains("\"value\":215"));
    String[][] exchanges = {
      {"ReadHoldingRegisters", "\"address\":100,\"count\":2", "\"registers\":[215,0]"},
      {"ReadInputRegisters", "\"address\":1,\"count\":1", "\"registers\":[65535]"},
      {"ReadCoils", "\"address\":0,\"count\":10", "\"bits\":[0,1,0,1,0,1,0,1,0,1]"},
      {"ReadDiscreteInputs", "\"address\":0,\"count\":3", "\"bits\":[1,0,1]"},
      {"WriteSingleCoil", "\"address\":20,\"value\":true", "\"bits\":[1]"},
      {
        "WriteMultipleCoils",
        "\"address\":21,\"values\":[1,0,0,1,1,0,1,1,0,1]",
        "\"bits\":[1,0,0,1,1,0,1,1,0,1]"
      },
      {"WriteSingleRegister", "\"address\":120,\"value\":65535", "\"registers\":[65535]"},
      {
        "WriteMultipleRegisters",
        "\"address\":121,\"values\":[1,4660,0]",
        "\"registers\":[1,4660,0]"
      },
      {"ReadHoldingRegisters", "\"address\":119,\"count\":6", "\"registers\":[0,65535,1,4660,0,0]"},
      {"ReadCoils", "\"address\":20,\"count\":12", "\"bits\":[1,1,0,0,1,1,0,1,1,0,1,1]"},
      // pymodbus has 200 of each: exception 2.
      {"WriteMultipleRegisters", "\"address\":199,\"values\":[1,2]", "\"exception_code\":2"},
    };
    for (int i = 0; i < exchanges.length; i++) {
      String id = "p" + i + "-";
      String request = "{\"operation\":\"%s\",\"device\":\"peer\",%s}";
      ask(tls, id, request.formatted(exchanges[i][0], exchanges[i][1]), null);
      await().atMost(SOON).until(() -> answers.line("\"" + id + "\"") != null);
      assertThat(answers.line("\"" + id + "\"")).as(exchanges[i][0]).contains(exchanges[i][2]);
    }
  }

  private static JsonObject activeWith(String policy) {
    JsonObject body = object("policy", policy);
    body.addProperty("active", true);
    return body;
  }

  private static Program mosquitto(Path program, Object[] tls, Object... more) throws Exception {
    Object[] command = new Object[1 + tls.length + more.length];
    command[0] = program;
    System.arraycopy(tls, 0, command, 1, tls.length);
    System.arraycopy(more, 0, command, 1 + tls.length, more.length);
    return Program.start(command);
  }

  private static void ask(Object[] tls, String id, String request, String expiresAt)
      throws Exception {
    JsonObject document = object("id", id);
    document.add("request", JsonParser.parseString(request));
    if (expiresAt != null) {
      document.addProperty("expiresAt", expiresAt);
    }
    try (Program sender =
        mosquitto(
            MOSQUITTO_PUB, tls, "-q", "1", "-t", "mcc/snaprail-demo/request", "-m", document)) {
      await().atMost(SOON).until(() -> !sender.process().isAlive());
    }
  }

  private void gatewayProvisionsItselfByClaimAndRotates() throws Exception {
    JsonObject key = object("keyType", "EC_P256", "subject", "CN=claim");
    key.add("alternativeNames", new JsonArray());
    String csr = console.call("POST", "/api/v1/identities/claim/csr", key).get("csr").getAsString();
    policy("claim", CLAIM);
    JsonObject order = activeWith("claim");
    order.addProperty("csr", csr);
    String pem = console.call("POST", ENDPOINT + "certificates", order).get("pem").getAsString();
    console.call("POST", "/api/v1/identities/claim/certificate", object("pem", pem));
    Path templates = Files.createDirectories(demo.data.resolve("localiot/templates"));
    Files.writeString(templates.resolve("fleet.json"), TEMPLATE);
    configure(
        "fleet",
        """
        {"endpoint":"localhost","port":PORT,"identity":"fleet","roots":"localiot",
         "devices":["weather"],"provisioning.template":"fleet","provisioning.claim":"claim",
         "provisioning.parameters":["SerialNumber=4711"],"jobs.allow":["rotate-certificate"]}
        """);
    demo.awaitLine("provisioned as thing 'gw-4711'");
    await()
        .atMost(SOON)
        .until(() -> rotations().getAsJsonArray("issuers").toString(), "[\"fleet\"]"::equals);
    console.call("POST", "/api/v1/identities/fleet/rotate", object("issuer", "fleet"));
    await().atMost(SOON).until(() -> rotation("phase"), "DONE"::equals);
    String byHand = rotation("since");
    // The same once more, as a job from the cloud.
    JsonObject job = object("id", "rotate-1", "thing", "gw-4711");
    job.addProperty("document", "{\"operation\":\"rotate-certificate\"}");
    console.call("POST", ENDPOINT + "jobs", job);
    await()
        .atMost(SOON)
        .until(
            () ->
                console
                    .read(ENDPOINT + "jobs/rotate-1")
                    .getAsJsonArray("executions")
                    .get(0)
                    .getAsJsonObject()
                    .get("status")
                    .getAsString(),
            "SUCCEEDED"::equals);
    assertThat(rotation("phase")).isEqualTo("DONE");
    assertThat(rotation("since")).isNotEqualTo(byHand);
    assertThat(rotation("reason")).contains("rotate-1");
  }

  private String rotation(String key) throws Exception {
    return rotations().getAsJsonArray("rotations").get(0).getAsJsonObject().get(key).getAsString();
  }

  private JsonObject rotations() throws Exception {
    return console.read("/api/v1/rotations");
  }
}
