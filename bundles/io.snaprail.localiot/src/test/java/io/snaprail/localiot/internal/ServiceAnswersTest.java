package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.certificate.KeyType;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.testing.RawClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who gets the answers of services. Developer guide, "Jobs device MQTT API": the client that has
 * asked, "whether your client has subscribed to the response message topics or not", and they
 * "cannot be subscribed to by other clients".
 */
class ServiceAnswersTest {
  private static final String ALL =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}\
      """;

  @TempDir private Path folder;

  private static RawClient client(RunningEndpoint running, String name) throws Exception {
    Registry registry = running.endpoint.registry().orElseThrow();
    DeviceCertificate created =
        registry
            .certificates()
            .createFromCsr(
                running.pki.createSigningRequest(name, KeyType.EC_P256, "CN=" + name, List.of()),
                Status.ACTIVE);
    if (!registry.state().policies().containsKey("all")) {
      registry.policies().create("all", ALL);
    }
    registry.policies().attach("all", created.id());
    running.pki.importCertificate(name, created.pem());
    RawClient client = new RawClient(running.pki.clientContext(name, "localiot"), running.port());
    assertThat(client.connect(name, true, 60)).isZero();
    return client;
  }

  @ParameterizedTest
  @CsvSource({
    "$aws/things/snaprail-demo/jobs/get,           accepted",
    "$aws/things/snaprail-demo/jobs/nonsense,      rejected",
    "$aws/things/snaprail-demo/jobs/start-next,    accepted",
    "$aws/certificates/create-from-csr/json,       rejected",
    "$aws/provisioning-templates/x/provision/json, rejected",
  })
  void whoAsksGetsTheAnswerAndNobodyElse(String topic, String outcome) throws Exception {
    try (RunningEndpoint running = new RunningEndpoint(folder, false);
        RawClient asking = client(running, "asking");
        RawClient listening = client(running, "listening")) {
      listening.subscribe(topic + "/+", 0);

      asking.publish(topic, 0, "{}");

      assertThat(asking.read().topic()).isEqualTo(topic + "/" + outcome);
      listening.ping();
    }
  }

  // A shadow's answers are for all who have subscribed, and for nobody else.
  @Test
  void shadowsAnswerSubscribers() throws Exception {
    String topic = "$aws/things/snaprail-demo/shadow/get";
    try (RunningEndpoint running = new RunningEndpoint(folder, false);
        RawClient asking = client(running, "asking");
        RawClient listening = client(running, "listening")) {
      listening.subscribe(topic + "/+", 0);

      asking.publish(topic, 0, "");

      assertThat(listening.read().topic()).isEqualTo(topic + "/rejected");
      asking.ping();
    }
  }
}
