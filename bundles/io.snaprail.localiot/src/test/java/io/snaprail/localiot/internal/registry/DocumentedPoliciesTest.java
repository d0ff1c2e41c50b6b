package io.snaprail.localiot.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.policy.AccessRequest;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyEngine;
import io.snaprail.testkit.peer.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples that the AWS IoT Core developer guide prints (pages "Connect policy examples",
 * "Publish/Subscribe policy examples", "Thing policy examples", "Certificate policy examples",
 * "X.509 Certificate AWS IoT Core policy variables"), for a certificate that openssl has made.
 */
class DocumentedPoliciesTest {
  private static final String ARN = "arn:aws:iot:us-east-1:123456789012:";

  private static final String THING_OR_NOBODY =
      allow("Connect", "client/${iot:Connection.Thing.ThingName}", "");

  @TempDir private static Path folder;
  private static X509Certificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Programs.require("openssl", "openssl");
    Path config = folder.resolve("openssl.cnf");
    Files.writeString(
        config,
        """
        [req]
        prompt=no
        utf8=yes
        distinguished_name=dn
        [dn]
        C=US
        0.O=Example Corp
        1.O=AnyCompany
        OU=LightBulb
        ST=NY
        0.CN=LightBulb Device Cert
        1.CN=Second
        2.CN=Administrator
        GN=Bulb
        initials=ZZ
        dnQualifier=Bulb001
        SN=Multi*Color
        title=RGB
        pseudonym=RGB Device
        generationQualifier=4
        serialNumber=123
        """);
    Path out = folder.resolve("device.crt");
    Programs.succeed(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-config",
        config.toString(),
        "-keyout",
        folder.resolve("device.key").toString(),
        "-out",
        out.toString(),
        "-set_serial",
        "0x921285cbb7a5e086",
        "-addext",
        "subjectAltName=DNS:bulb.example,email:b@example.com,URI:urn:bulb,IP:192.0.2.7");
    certificate = Certificates.parse(Files.readString(out));
  }

  private static String allow(String action, String resource, String condition) {
    return statement("Allow", action, resource, condition);
  }

  private static String statement(String effect, String action, String resource, String condition) {
    String arn = resource.equals("*") ? resource : ARN + resource;
    return """
    {"Effect":"%s","Action":["iot:%s"],"Resource":["%s"]%s}\
    """
        .formatted(effect, action, arn, condition.isEmpty() ? "" : ",\"Condition\":" + condition);
  }

  private static boolean allowed(
      String clientId,
      String action,
      String resource,
      Map<String, List<String>> more,
      String... statements)
      throws Exception {
    // The thing is thing1, with a type and an attribute; its certificate is attached to it.
    RegistryState state =
        RegistryState.EMPTY.with(
            ThingTables.EMPTY
                .with(new ThingType("Bulb", "", List.of(), Instant.EPOCH, null))
                .with(new Thing("thing1", "Bulb", Map.of("room", "kitchen"), 1))
                .with(new Thing("thing2", Map.of())));
    DeviceCertificate known =
        DeviceCertificate.of(certificate, "", DeviceCertificate.Status.ACTIVE, Instant.EPOCH)
            .withThings(Set.of("thing1"));
    PolicyDocument policy =
        PolicyDocument.parse(
            "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}");
    ClientVariables variables =
        new ClientVariables(
            state, known, new ClientVariables.Connection(clientId, certificate, more));
    return PolicyEngine.decide(
            List.of(policy), new AccessRequest("iot:" + action, ARN + resource, variables))
        .allowed();
  }

  // "Connect policy examples": denies client1 and client2, lets in clients named as their thing.
  @ParameterizedTest
  @CsvSource({"thing1, true", "thing2, false", "client1, false", "other, false"})
  void connectAsTheThing(String clientId, boolean allowed) throws Exception {
    String deny = statement("Deny", "Connect", "client/client1", "");
    assertThat(allowed(clientId, "Connect", "client/" + clientId, Map.of(), deny, THING_OR_NOBODY))
        .isEqualTo(allowed);
  }

  // "Connect policy examples", "MQTT persistent sessions policy examples": operator, values, and
  // whether each of the four kinds of CONNECT is allowed: plain, persistent, with will, with both.
  @ParameterizedTest
  @CsvSource({
    "ForAllValues:StringEquals, PersistentConnect, true, true, false, false",
    "ForAllValues:StringNotEquals, PersistentConnect, true, false, true, false",
    "ForAllValues:StringEquals, PersistentConnect LastWill, true, true, true, true",
    "ForAllValues:StringEquals, LastWill, true, false, true, false",
    "ForAllValues:StringEquals, '', true, false, false, false",
    "ForAnyValue:StringEquals, PersistentConnect, false, true, false, true",
  })
  void connectAttributes(
      String operator, String values, boolean plain, boolean kept, boolean will, boolean both)
      throws Exception {
    String list = values.isEmpty() ? "" : "\"" + values.replace(" ", "\",\"") + "\"";
    String policy =
        allow(
            "Connect", "*", "{\"%s\":{\"iot:ConnectAttributes\":[%s]}}".formatted(operator, list));
    assertThat(connects(policy)).isEqualTo(plain);
    assertThat(connects(policy, "PersistentConnect")).isEqualTo(kept);
    assertThat(connects(policy, "LastWill")).isEqualTo(will);
    assertThat(connects(policy, "PersistentConnect", "LastWill")).isEqualTo(both);
  }

  private static boolean connects(String policy, String... attributes) throws Exception {
    return allowed(
        "any",
        "Connect",
        "client/any",
        Map.of("iot:ConnectAttributes", Arrays.asList(attributes)),
        policy);
  }

  // The same page: only clients with a last will on one topic.
  @ParameterizedTest
  @CsvSource({"my/lastwill/topicName, true", "another, false"})
  void lastWillTopic(String topic, boolean allowed) throws Exception {
    String policy =
        allow(
            "Connect",
            "*",
            "{\"ArnEquals\":{\"iot:LastWillTopic\":\"%stopic/my/lastwill/topicName\"}}"
                .formatted(ARN));
    assertThat(
            allowed(
                "any",
                "Connect",
                "client/any",
                Map.of("iot:LastWillTopic", List.of(ARN + "topic/" + topic)),
                policy))
        .isEqualTo(allowed);
    assertThat(allowed("any", "Connect", "client/any", Map.of(), policy)).isFalse();
  }

  // "Publish/Subscribe policy examples": registered devices (5), (6), (4), (9).
  @ParameterizedTest
  @CsvSource({
    "Publish, topic/${iot:Connection.Thing.ThingName}/*, Publish, topic/thing1/data, true",
    "Publish, topic/${iot:Connection.Thing.ThingName}/*, Publish, topic/thing2/data, false",
    "Subscribe, topicfilter/${iot:Connection.Thing.ThingName}/room*, Subscribe,"
        + " topicfilter/thing1/room1, true",
    "Subscribe, topicfilter/${iot:Connection.Thing.ThingName}/room*, Subscribe,"
        + " topicfilter/thing1/roof, false",
    "Subscribe, topicfilter/some/+/topic, Subscribe, topicfilter/some/+/topic, true",
    "Subscribe, topicfilter/some/+/topic, Subscribe, topicfilter/some/a/topic, false",
    "Publish, topic/my/topic/${iot:Thing.ThingName}, Publish, topic/my/topic/thing1, true",
    "Publish, topic/${iot:ClientId}/*, Publish, topic/thing1/bar, true",
  })
  void publishAndSubscribe(String action, String resource, String asked, String on, boolean allowed)
      throws Exception {
    assertThat(allowed("thing1", asked, on, Map.of(), allow(action, resource, "")))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"topic/thing1/foo, true", "topic/thing1/bar, false"})
  void publishAllButOneTopic(String topic, boolean allowed) throws Exception {
    assertThat(
            allowed(
                "thing1",
                "Publish",
                topic,
                Map.of(),
                allow("Publish", "topic/${iot:Thing.ThingName}/*", ""),
                statement("Deny", "Publish", "topic/${iot:Thing.ThingName}/bar", "")))
        .isEqualTo(allowed);
  }

  // "Thing policy examples".
  @ParameterizedTest
  @CsvSource({
    "thing1, kitchen, Bulb, true",
    "thing1, cellar, Bulb, false",
    "thing1, kitchen, Valve, false",
    "thing2, kitchen, Bulb, false",
  })
  void thingAttributesAndType(String clientId, String room, String type, boolean allowed)
      throws Exception {
    String condition =
        """
        {"StringEquals":{"iot:Connection.Thing.Attributes[room]":"%s",
                         "iot:Connection.Thing.ThingTypeName":"%s"},
         "Bool":{"iot:Connection.Thing.IsAttached":"true"}}\
        """
            .formatted(room, type);
    assertThat(
            allowed(
                clientId,
                "Publish",
                "topic/device/stats",
                Map.of(),
                allow("Publish", "topic/device/stats", condition)))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"thing1, kitchen/x, true", "thing1, cellar/x, false", "thing2, kitchen/x, false"})
  void topicsByAttribute(String clientId, String topic, boolean allowed) throws Exception {
    assertThat(
            allowed(
                clientId,
                "Publish",
                "topic/" + topic,
                Map.of(),
                allow("Publish", "topic/${iot:Connection.Thing.Attributes[room]}/*", "")))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"thing1, true", "thing2, false"})
  void attachedOnly(String clientId, boolean allowed) throws Exception {
    String condition = "{\"Bool\":{\"iot:Connection.Thing.IsAttached\":[\"true\"]}}";
    assertThat(
            allowed(
                clientId,
                "Connect",
                "client/" + clientId,
                Map.of(),
                allow("Connect", "*", condition)))
        .isEqualTo(allowed);
  }

  // "X.509 Certificate AWS IoT Core policy variables": variable and what it stands for.
  @ParameterizedTest
  @CsvSource({
    "iot:Certificate.Subject.Country, US",
    "iot:Certificate.Subject.Organization, Example Corp",
    "iot:Certificate.Subject.Organization.0, Example Corp",
    "iot:Certificate.Subject.Organization.1, AnyCompany",
    "iot:Certificate.Subject.Organization.2, ",
    "iot:Certificate.Subject.OrganizationalUnit, LightBulb",
    "iot:Certificate.Subject.State, NY",
    "iot:Certificate.Subject.CommonName, LightBulb Device Cert",
    "iot:Certificate.Subject.CommonName.2, Administrator",
    "iot:Certificate.Subject.GivenName, Bulb",
    "iot:Certificate.Subject.Initials, ZZ",
    "iot:Certificate.Subject.DistinguishedNameQualifier, Bulb001",
    "iot:Certificate.Subject.Title, RGB",
    "iot:Certificate.Subject.Pseudonym, RGB Device",
    "iot:Certificate.Subject.GenerationQualifier, 4",
    "iot:Certificate.Subject.SerialNumber, 123",
    "iot:Certificate.Issuer.CommonName, LightBulb Device Cert",
    "iot:Certificate.Subject.AlternativeName.DNSName, bulb.example",
    "iot:Certificate.Subject.AlternativeName.RFC822Name, b@example.com",
    "iot:Certificate.Subject.AlternativeName.UniformResourceIdentifier, urn:bulb",
    "iot:Certificate.Subject.AlternativeName.IPAddress, 192.0.2.7",
    "iot:Certificate.Issuer.AlternativeName.DNSName, ",
    "iot:Certificate.SerialNumber, 92:12:85:cb:b7:a5:e0:86",
  })
  void certificateVariables(String variable, String value) {
    assertThat(CertificateVariables.of(certificate).getOrDefault(variable, List.of()))
        .isEqualTo(value == null ? List.of() : List.of(value));
  }

  // "Certificate policy examples" (12) to (15), and the limitations: wildcards are not put in.
  @ParameterizedTest
  @CsvSource({
    "'', topic/${iot:Certificate.Subject.CommonName}, topic/LightBulb Device Cert, true",
    "'', topic/${iot:Certificate.Subject.Surname}, topic/Multi*Color, false",
    "'', topic/${iot:Certificate.Subject.Surname}, topic/MultiXColor, false",
    "'', topic/${iot:Certificate.Subject.Organization.2}, topic/, false",
    "'{\"StringEquals\":{\"iot:Certificate.Subject.CommonName.2\":\"Administrator\"}}',"
        + " topic/admin/*, topic/admin/a, true",
    "'{\"StringEquals\":{\"iot:Certificate.Subject.CommonName.1\":\"Administrator\"}}',"
        + " topic/admin/*, topic/admin/a, false",
    "'{\"ForAnyValue:StringEquals\":{\"iot:Certificate.Subject.CommonName.List\":\"Administrator\"}}',"
        + " topic/admin, topic/admin, true",
    "'{\"ForAllValues:StringEquals\":{\"iot:Certificate.Subject.Organization.List\":[\"Example"
        + " Corp\",\"AnyCompany\"]}}', topic/a, topic/a, true",
    "'{\"ForAllValues:StringEquals\":{\"iot:Certificate.Subject.Organization.List\":[\"AnyCompany\"]}}',"
        + " topic/a, topic/a, false",
    "'{\"ForAnyValue:StringLike\":{\"iot:Certificate.AvailableKeys\":\"*Subject.Pseudonym\"}}',"
        + " topic/a, topic/a, true",
    "'{\"ForAnyValue:StringLike\":{\"iot:Certificate.AvailableKeys\":\"*Locality*\"}}', topic/a,"
        + " topic/a, false",
  })
  void certificatePolicies(String condition, String resource, String topic, boolean allowed)
      throws Exception {
    assertThat(allowed("c", "Publish", topic, Map.of(), allow("Publish", resource, condition)))
        .isEqualTo(allowed);
  }

  @Test
  void topicOfTheCertificateId() throws Exception {
    String policy = allow("Publish", "topic/${iot:CertificateId}", "");
    String id = Certificates.id(certificate);
    assertThat(allowed("c", "Publish", "topic/" + id, Map.of(), policy)).isTrue();
    assertThat(allowed("c", "Publish", "topic/other", Map.of(), policy)).isFalse();
  }
}
