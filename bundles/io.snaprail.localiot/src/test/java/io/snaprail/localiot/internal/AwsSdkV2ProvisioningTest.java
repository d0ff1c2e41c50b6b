package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.snaprail.api.certificate.KeyType;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.DeviceCertificates;
import io.snaprail.localiot.internal.registry.Registry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.iot.iotidentity.IotIdentityV2Client;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrResponse;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateResponse;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingRequest;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingResponse;
import software.amazon.awssdk.iot.iotidentity.model.V2ErrorResponseException;

/**
 * The provisioning client of AWS IoT Device SDK for Java v2 against the endpoint: from a claim
 * certificate to a thing that connects with a certificate of its own.
 */
class AwsSdkV2ProvisioningTest {
  // A claim's policy: it may ask for certificates and for this template, and nothing else.
  private static final String CLAIM_POLICY =
      """
      {"Version":"2012-10-17","Statement":[
       {"Effect":"Allow","Action":"iot:Connect",
        "Resource":"arn:aws:iot:local:123456789012:client/claim-*"},
       {"Effect":"Allow","Action":["iot:Publish","iot:Receive"],"Resource":[
        "arn:aws:iot:local:123456789012:topic/$aws/certificates/create/*",
        "arn:aws:iot:local:123456789012:topic/$aws/certificates/create-from-csr/*",
        "arn:aws:iot:local:123456789012:topic/$aws/provisioning-templates/fleet/provision/*"]},
       {"Effect":"Allow","Action":"iot:Subscribe","Resource":[
        "arn:aws:iot:local:123456789012:topicfilter/$aws/certificates/create/*",
        "arn:aws:iot:local:123456789012:topicfilter/$aws/certificates/create-from-csr/*",
        "arn:aws:iot:local:123456789012:topicfilter/$aws/provisioning-templates/fleet/*"]}]}\
      """;

  private static final String TEMPLATE =
      """
      {"Parameters":{"SerialNumber":{"Type":"String"}},
       "Resources":{
        "thing":{"Type":"AWS::IoT::Thing","Properties":{
          "ThingName":{"Fn::Sub":"gateway-${SerialNumber}"},
          "AttributePayload":{"serial":{"Ref":"SerialNumber"}}}},
        "certificate":{"Type":"AWS::IoT::Certificate","Properties":{
          "CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"ACTIVE"}},
        "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"gateways"}}},
       "DeviceConfiguration":{"site":"plant 1"}}\
      """;

  private static final String THING_POLICY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect",
        "Resource":"arn:aws:iot:local:123456789012:client/${iot:Connection.Thing.ThingName}"}]}\
      """;

  @TempDir private Path folder;
  private RunningEndpoint running;
  private AwsConnection connection;
  private IotIdentityV2Client client;

  @BeforeEach
  void connect() throws Exception {
    running = new RunningEndpoint(folder);
    Registry registry = running.endpoint.registry().orElseThrow();
    registry.policies().create("claim", CLAIM_POLICY);
    registry.policies().create("gateways", THING_POLICY);
    DeviceCertificates.Created claim = registry.certificates().createKeys(Status.ACTIVE);
    registry.policies().attach("claim", claim.certificate().id());
    running.services().provisioning().putTemplate("fleet", TEMPLATE);
    connection =
        new AwsConnection(
            "claim-1",
            running.port(),
            files("claim", claim.certificate().pem(), claim.privateKeyPem()));
    client = connection.client(c -> IotIdentityV2Client.newFromMqtt311(c, AwsConnection.options()));
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
    connection.close();
    running.close();
  }

  private AwsConnection.Files files(String name, String certificate, String key) throws Exception {
    return new AwsConnection.Files(
        Files.writeString(folder.resolve(name + ".pem"), certificate),
        Files.writeString(folder.resolve(name + ".key"), key),
        running.pki.rootsFile("localiot"));
  }

  private RegisterThingResponse register(String token, String serial) throws Exception {
    RegisterThingRequest request = new RegisterThingRequest();
    request.templateName = "fleet";
    request.certificateOwnershipToken = token;
    request.parameters = new HashMap<>(Map.of("SerialNumber", serial));
    return AwsConnection.get(client.registerThing(request));
  }

  @Test
  void provisionsByKeysThatTheEndpointMakes() throws Exception {
    CreateKeysAndCertificateResponse created =
        AwsConnection.get(client.createKeysAndCertificate(new CreateKeysAndCertificateRequest()));
    AwsConnection.Files own = files("own", created.certificatePem, created.privateKey);
    assertThat(catchThrowable(() -> new AwsConnection("gateway-7", running.port(), own)))
        .as("before it is provisioned")
        .isNotNull();

    RegisterThingResponse registered = register(created.certificateOwnershipToken, "7");

    assertThat(registered.thingName).isEqualTo("gateway-7");
    assertThat(registered.deviceConfiguration).containsEntry("site", "plant 1");
    new AwsConnection("gateway-7", running.port(), own).close();
  }

  @Test
  void provisionsByASigningRequestWhoseKeyNeverTravels() throws Exception {
    CreateCertificateFromCsrRequest request = new CreateCertificateFromCsrRequest();
    request.certificateSigningRequest =
        running.pki.createSigningRequest("own", KeyType.EC_P256, "CN=own", List.of());
    CreateCertificateFromCsrResponse created =
        AwsConnection.get(client.createCertificateFromCsr(request));
    running.pki.importCertificate("own", created.certificatePem);

    register(created.certificateOwnershipToken, "8");

    new AwsConnection("gateway-8", running.port(), AwsConnection.Files.of(running, "own")).close();
  }

  @Test
  void readsTheErrors() {
    V2ErrorResponseException refused =
        (V2ErrorResponseException) catchThrowable(() -> register("nonsense", "9"));
    assertThat(refused.getModeledError().statusCode).isEqualTo(400);
    assertThat(refused.getModeledError().errorCode).isEqualTo("InvalidCertificateOwnershipToken");
    assertThat(refused.getModeledError().errorMessage).contains("token");
  }
}
