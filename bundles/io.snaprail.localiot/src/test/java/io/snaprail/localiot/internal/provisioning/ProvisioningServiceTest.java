package io.snaprail.localiot.internal.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.file.FileFaults;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.service.ServiceThread;
import io.snaprail.localiot.internal.setup.DeviceSigner;
import io.snaprail.localiot.testing.TestPki;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fleet provisioning by its documents. Developer guide, "Device provisioning MQTT API" and
 * "Provisioning templates"; the template is the guide's example for fleet provisioning.
 */
class ProvisioningServiceTest {
  private static final String TEMPLATE =
      """
      {"Parameters":{"ThingName":{"Type":"String"},"SerialNumber":{"Type":"String"},
        "DeviceLocation":{"Type":"String","Default":"Seattle"}},
       "Mappings":{"LocationTable":{"Seattle":{"LocationUrl":"https://example.aws"}}},
       "Resources":{
        "thing":{"Type":"AWS::IoT::Thing","Properties":{
          "AttributePayload":{"version":"v1","serialNumber":{"Ref":"SerialNumber"}},
          "ThingName":{"Ref":"ThingName"},
          "ThingTypeName":{"Fn::Join":["",["ThingPrefix_",{"Ref":"SerialNumber"}]]},
          "ThingGroups":["v1-lightbulbs","WA"],"BillingGroup":"LightBulbBillingGroup"},
         "OverrideSettings":{"AttributePayload":"MERGE","ThingTypeName":"REPLACE",
          "ThingGroups":"DO_NOTHING"}},
        "certificate":{"Type":"AWS::IoT::Certificate","Properties":{
          "CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"Active"}},
        "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyDocument":{
          "Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Publish"],
          "Resource":["arn:aws:iot:us-east-1:123456789012:topic/foo/bar"]}]}}}},
       "DeviceConfiguration":{"FallbackUrl":"https://www.example.com/test-site",
        "LocationUrl":{"Fn::FindInMap":["LocationTable",{"Ref":"DeviceLocation"},
         "LocationUrl"]}}}\
      """;

  private static final String CSR = "$aws/certificates/create-from-csr/json";
  private static final String KEYS = "$aws/certificates/create/json";
  private static final String PROVISION = "$aws/provisioning-templates/lamps/provision/json";

  @TempDir private Path folder;
  private TestPki pki;
  private Registry registry;
  private ProvisioningService service;
  private final List<String> faults = new ArrayList<>();
  private String topic = "";
  private byte[] answer = new byte[0];

  @BeforeEach
  void open() throws Exception {
    pki = new TestPki(folder.resolve("pki"));
    open(folder.resolve("localiot"), Clock.systemUTC());
    registry.types().create("ThingPrefix_1", "", List.of());
    registry.groups().create("v1-lightbulbs", "", "", Map.of());
    registry.groups().create("WA", "", "", Map.of());
    service.putTemplate("lamps", TEMPLATE);
  }

  private void open(Path where, Clock clock) throws IOException {
    registry =
        Registry.open(
            where, new Registry.Environment(clock, new Rules(true, 5), new DeviceSigner(pki)));
    Outbox outbox =
        new Outbox() {
          @Override
          public void publish(String to, byte[] payload) {
            throw new AssertionError("nobody else may hear it");
          }

          @Override
          public void answer(String clientId, String to, byte[] payload) {
            assertThat(clientId).isEqualTo("claim");
            topic = to;
            answer = payload;
          }
        };
    service =
        new ProvisioningService(
            new ProvisioningService.Store(registry, where, clock, faults::add),
            new ServiceThread(Runnable::run),
            outbox,
            new RequestGate(new RequestGate.Limits(10, 10, 0), System::nanoTime));
  }

  private JsonObject ask(String to, String payload) {
    topic = "";
    service.request("claim", to, payload.getBytes(StandardCharsets.UTF_8));
    assertThat(topic).startsWith(to + "/");
    return JsonParser.parseString(new String(answer, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private String csr() throws Exception {
    return pki.createSigningRequest(
        "device", io.snaprail.api.certificate.KeyType.EC_P256, "CN=device", List.of());
  }

  private JsonObject created() throws Exception {
    JsonObject request = new JsonObject();
    request.addProperty("certificateSigningRequest", csr());
    JsonObject created = ask(CSR, request.toString());
    assertThat(topic).endsWith("accepted");
    return created;
  }

  private static String registration(JsonObject created, String parameters) {
    return "{\"certificateOwnershipToken\":%s,\"parameters\":%s}"
        .formatted(created.get("certificateOwnershipToken"), parameters);
  }

  private DeviceCertificate certificate(JsonObject created) throws Exception {
    return registry.certificates().describe(created.get("certificateId").getAsString());
  }

  private static final String PARAMETERS = "{\"ThingName\":\"lamp-1\",\"SerialNumber\":\"1\"}";

  @Test
  void aRequestBecomesACertificateAndTheTemplateAThing() throws Exception {
    JsonObject created = created();
    assertThat(created.keySet())
        .containsExactlyInAnyOrder("certificateId", "certificatePem", "certificateOwnershipToken");
    assertThat(certificate(created).status()).isEqualTo(Status.PENDING_ACTIVATION);

    JsonObject answer = ask(PROVISION, registration(created, PARAMETERS));

    assertThat(answer)
        .isEqualTo(
            JsonParser.parseString(
                """
                {"deviceConfiguration":{"FallbackUrl":"https://www.example.com/test-site",
                  "LocationUrl":"https://example.aws"},"thingName":"lamp-1"}\
                """));
    assertThat(certificate(created).status()).isEqualTo(Status.ACTIVE);
    assertThat(certificate(created).things()).containsExactly("lamp-1");
    assertThat(certificate(created).policies()).hasSize(1);
    assertThat(registry.things().describe("lamp-1").attributes())
        .isEqualTo(Map.of("version", "v1", "serialNumber", "1"));
    assertThat(registry.things().describe("lamp-1").type()).isEqualTo("ThingPrefix_1");
    assertThat(registry.state().groupsOf("lamp-1"))
        .containsExactlyInAnyOrder("v1-lightbulbs", "WA");
  }

  @Test
  void keysAreMadeForWhoHasNone() throws Exception {
    JsonObject created = ask(KEYS, "");
    assertThat(topic).isEqualTo(KEYS + "/accepted");
    assertThat(created.get("privateKey").getAsString()).contains("PRIVATE KEY");
    ask(PROVISION, registration(created, PARAMETERS));
    assertThat(topic).isEqualTo(PROVISION + "/accepted");
    assertThat(certificate(created).status()).isEqualTo(Status.ACTIVE);
  }

  static Stream<Arguments> rejections() {
    return Stream.of(
        Arguments.of(CSR, "{", 400, "InvalidPayload"),
        Arguments.of(CSR, "{}", 400, "InvalidPayload"),
        Arguments.of(CSR, "{\"certificateSigningRequest\":7}", 400, "InvalidPayload"),
        Arguments.of(CSR, "{\"certificateSigningRequest\":\"\"}", 400, "InvalidCSR"),
        Arguments.of(
            CSR,
            "{\"certificateSigningRequest\":\"" + "x".repeat(10_000) + "\"}",
            400,
            "InvalidRequestException"),
        Arguments.of(PROVISION, "{}", 400, "InvalidPayload"),
        Arguments.of(PROVISION, "{\"certificateOwnershipToken\":7}", 400, "InvalidPayload"),
        Arguments.of(
            PROVISION,
            "{\"certificateOwnershipToken\":\"x\"}",
            400,
            "InvalidCertificateOwnershipToken"),
        Arguments.of(
            "$aws/provisioning-templates/none/provision/json",
            "{\"certificateOwnershipToken\":\"x\"}",
            404,
            "ResourceNotFound"),
        Arguments.of(
            "$aws/provisioning-templates/a.b/provision/json",
            "{\"certificateOwnershipToken\":\"x\"}",
            400,
            "InvalidTemplate"));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void saysWhatIsWrong(String to, String payload, int status, String code) {
    JsonObject answer = ask(to, payload);
    assertThat(topic).isEqualTo(to + "/rejected");
    assertThat(answer.get("statusCode").getAsInt()).isEqualTo(status);
    assertThat(answer.get("errorCode").getAsString()).isEqualTo(code);
    assertThat(answer.get("errorMessage").getAsString()).isNotEmpty();
  }

  static Stream<Arguments> badParameters() {
    return Stream.of(
        Arguments.of("{\"SerialNumber\":\"1\"}", "InvalidParameters"),
        Arguments.of("{\"ThingName\":1}", "InvalidPayload"),
        Arguments.of("7", "InvalidPayload"),
        Arguments.of("{\"ThingName\":\"a b\",\"SerialNumber\":\"1\"}", "InvalidRequestException"),
        // The type that the template names is not there.
        Arguments.of("{\"ThingName\":\"x\",\"SerialNumber\":\"2\"}", "ResourceNotFoundException"),
        Arguments.of(
            "{\"ThingName\":\"x\",\"SerialNumber\":\"1\",\"DeviceLocation\":\"Berlin\"}",
            "InvalidParameters"));
  }

  @ParameterizedTest
  @MethodSource("badParameters")
  void aRefusedRegistrationMayBeTriedAgain(String parameters, String code) throws Exception {
    JsonObject created = created();
    JsonObject refused = ask(PROVISION, registration(created, parameters));
    assertThat(refused.get("errorCode").getAsString()).isEqualTo(code);
    assertThat(certificate(created).status()).isEqualTo(Status.PENDING_ACTIVATION);

    ask(PROVISION, registration(created, PARAMETERS));

    assertThat(topic).endsWith("accepted");
  }

  // A device cannot choose another certificate than its own by a parameter of that name.
  @Test
  void theCertificateIsNotAMatterOfParameters() throws Exception {
    JsonObject other = created();
    JsonObject created = created();
    ask(
        PROVISION,
        registration(
            created,
            "{\"ThingName\":\"lamp-1\",\"SerialNumber\":\"1\",\"AWS::IoT::Certificate::Id\":%s}"
                .formatted(other.get("certificateId"))));
    assertThat(certificate(other).status()).isEqualTo(Status.PENDING_ACTIVATION);
    assertThat(certificate(created).status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void aTokenWorksOnce() throws Exception {
    JsonObject created = created();
    ask(PROVISION, registration(created, PARAMETERS));
    assertThat(ask(PROVISION, registration(created, PARAMETERS)).get("errorCode").getAsString())
        .isEqualTo("InvalidCertificateOwnershipToken");
  }

  @Test
  void aTokenSurvivesARestartAndIsNotOnDisk() throws Exception {
    JsonObject created = created();
    String token = created.get("certificateOwnershipToken").getAsString();
    assertThat(Files.readString(folder.resolve("localiot/ownership-tokens.json")))
        .doesNotContain(token);

    open(folder.resolve("localiot"), Clock.systemUTC());

    ask(PROVISION, registration(created, PARAMETERS));
    assertThat(topic).endsWith("accepted");
  }

  // "expires after one hour ... the certificate is deleted".
  @Test
  void afterAnHourTokenAndCertificateAreGone() throws Exception {
    JsonObject created = created();
    open(
        folder.resolve("localiot"),
        Clock.offset(Clock.systemUTC(), Duration.ofHours(1).plusSeconds(1)));
    assertThat(ask(PROVISION, registration(created, PARAMETERS)).get("errorCode").getAsString())
        .isEqualTo("InvalidCertificateOwnershipToken");

    service.sweep();

    assertThat(registry.state().certificates())
        .doesNotContainKey(created.get("certificateId").getAsString());
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MERGE", "REPLACE", "DO_NOTHING", "FAIL"})
  void aThingThatIsThereIsTreatedAsTheTemplateSays(String override) throws Exception {
    registry.things().create("lamp-1", "", Map.of("version", "v0", "own", "x"));
    service.putTemplate(
        "lamps",
        TEMPLATE.replace(
            "\"AttributePayload\":\"MERGE\"", "\"ATTRIBUTE_PAYLOAD\":\"" + override + "\""));
    JsonObject answer = ask(PROVISION, registration(created(), PARAMETERS));
    Map<String, String> attributes = registry.things().describe("lamp-1").attributes();
    switch (override) {
      case "MERGE" ->
          assertThat(attributes)
              .isEqualTo(Map.of("version", "v1", "serialNumber", "1", "own", "x"));
      case "REPLACE" ->
          assertThat(attributes).isEqualTo(Map.of("version", "v1", "serialNumber", "1"));
      default -> assertThat(attributes).isEqualTo(Map.of("version", "v0", "own", "x"));
    }
    assertThat(answer.has("errorCode")).isEqualTo(override.equals("FAIL"));
    if (override.equals("FAIL")) {
      assertThat(answer.get("errorCode").getAsString()).isEqualTo("ResourceConflictsException");
    }
  }

  // RFC 8949: a3 is a map of three, 6a a text of ten, 19 0190 the number 400.
  @Test
  void cborIsRefusedInCbor() {
    service.request("claim", "$aws/certificates/create/cbor", new byte[0]);
    assertThat(topic).isEqualTo("$aws/certificates/create/cbor/rejected");
    assertThat(answer).startsWith(0xA3, 0x6A, 's', 't', 'a', 't', 'u', 's', 'C', 'o', 'd', 'e');
    assertThat(answer).containsSequence(0x19, 0x01, 0x90);
    assertThat(new String(answer, StandardCharsets.ISO_8859_1)).contains("/json");
  }

  static Stream<Arguments> badTemplates() {
    return Stream.of(
        Arguments.of("{", "JSON"),
        Arguments.of("{\"Other\":{}}", "'Other'"),
        Arguments.of("{\"Parameters\":{\"a\":{\"Type\":\"Number\"}}}", "Type String"),
        Arguments.of("{\"Resources\":{\"a\":{\"Type\":\"AWS::S3::Bucket\"}}}", "AWS::S3::Bucket"),
        Arguments.of("{\"Resources\":[]}", "expected an object"),
        Arguments.of(
            "{\"Resources\":{\"a\":{\"Type\":\"AWS::IoT::Thing\"},\"b\":{\"Type\":\"AWS::IoT::Thing\"}}}",
            "found two"),
        Arguments.of(
            "{\"Resources\":{\"a\":{\"Type\":\"AWS::IoT::Thing\",\"OverrideSettings\":{\"X\":\"MAYBE\"}}}}",
            "MAYBE"),
        Arguments.of("\"" + "x".repeat(10240) + "\"", "10240"));
  }

  @ParameterizedTest
  @MethodSource("badTemplates")
  void aTemplateThatCannotBeIsNotTaken(String text, String words) throws Exception {
    assertThatThrownBy(() -> service.putTemplate("bad", text)).hasMessageContaining(words);
    assertThat(service.templates()).containsExactly("lamps");
  }

  @Test
  void whereverThePowerGoesTheDeviceGetsThereByAskingAgain() throws Exception {
    Path where = folder.resolve("localiot");
    // The policy of the template is made once.
    ask(PROVISION, registration(created(), PARAMETERS));
    int steps;
    JsonObject first = created();
    try (FileFaults faults = FileFaults.none(where)) {
      ask(PROVISION, registration(first, PARAMETERS.replace("lamp-1", "lamp-2")));
      steps = faults.steps().size();
    }
    assertThat(steps).isGreaterThan(8);
    for (int step = 0; step < steps; step++) {
      JsonObject created = created();
      String parameters = PARAMETERS.replace("lamp-1", "lamp-cut-" + step);
      try (FileFaults cut = FileFaults.cut(where, step)) {
        assertThatThrownBy(() -> ask(PROVISION, registration(created, parameters)))
            .as("%s", cut.steps())
            .isInstanceOf(FileFaults.PowerCut.class);
      }
      open(where, Clock.systemUTC());
      JsonObject again = ask(PROVISION, registration(created, parameters));
      // Asked again it works, or it had worked: then the token is used.
      assertThat(topic.endsWith("accepted") || again.toString().contains("OwnershipToken"))
          .as("step %d: %s", step, again)
          .isTrue();
      assertThat(certificate(created).status()).as("step %d", step).isEqualTo(Status.ACTIVE);
      assertThat(certificate(created).things()).containsExactly("lamp-cut-" + step);
    }
  }
}
