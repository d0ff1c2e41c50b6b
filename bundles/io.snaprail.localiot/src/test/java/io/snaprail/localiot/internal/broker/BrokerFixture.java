package io.snaprail.localiot.internal.broker;

import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.CertificateSigner;
import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.Thing;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.TestPki;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.slf4j.LoggerFactory;

/** A broker with two clients' certificates: {@code full} may do all, {@code limited} little. */
final class BrokerFixture implements AutoCloseable {
  static final String LIMITED_POLICY =
      """
      {"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"iot:Connect",
         "Resource":"arn:aws:iot:local:123456789012:client/limited*"},
        {"Effect":"Allow","Action":["iot:Publish","iot:Receive"],
         "Resource":"arn:aws:iot:local:123456789012:topic/a/*"},
        {"Effect":"Allow","Action":"iot:Subscribe",
         "Resource":"arn:aws:iot:local:123456789012:topicfilter/a/*"},
        {"Effect":"Deny","Action":"iot:*",
         "Resource":["arn:aws:iot:local:123456789012:topic/a/restricted/*",
                     "arn:aws:iot:local:123456789012:topicfilter/a/restricted/*"]}]}\
      """;

  private static final String FULL_POLICY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}\
      """;

  final TestPki pki;
  final Registry registry;
  final AtomicLong now = new AtomicLong();
  final Broker broker = new Broker(now::get, Clock.systemUTC());
  final MqttServer server;
  private final Authority authority;
  private final Map<String, SSLContext> contexts = new HashMap<>();

  BrokerFixture(Path folder, Rules rules) throws Exception {
    pki = new TestPki(folder.resolve("pki"));
    registry = Registry.open(folder.resolve("localiot"), registryEnvironment(rules));
    registry.onChange(() -> broker.endUnless(registry::active));
    authority = pki.open("ca", "CN=Test CA");
    pki.importRoots("ca", Certificates.pem(authority.certificate()));
    makeServer();
    register("full", FULL_POLICY);
    register("limited", LIMITED_POLICY);
    pki.makeClient("unknown", "CN=unknown", authority);
    BrokerContext context =
        new BrokerContext(
            broker,
            registry,
            new Arns("local", "123456789012"),
            List.of(),
            rules,
            stranger -> {},
            new LimitedLog(LoggerFactory.getLogger("test")));
    server = new MqttServer(context, pki.serverContext("server", "ca"));
    server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** For a registry that signs nothing. */
  static Registry.Environment registryEnvironment(Rules rules) {
    CertificateSigner nobody =
        new CertificateSigner() {
          @Override
          public X509Certificate certificate() {
            throw new UnsupportedOperationException();
          }

          @Override
          public X509Certificate sign(String csrPem, Instant notBefore, Instant notAfter) {
            throw new UnsupportedOperationException();
          }
        };
    return new Registry.Environment(Clock.systemUTC(), rules, nobody);
  }

  private void makeServer() throws Exception {
    Instant until = Instant.now().plus(Duration.ofDays(9));
    String request = pki.createSigningRequest("server", KeyType.EC_P256, "CN=server", List.of());
    X509Certificate certificate =
        authority.issue(
            request, Use.SERVER, List.of("localhost", "127.0.0.1"), Instant.now(), until);
    pki.importCertificate("server", Certificates.pem(certificate));
  }

  /** Makes a client certificate with a policy of its own, attached to the thing of its name. */
  void register(String name, String policy) throws Exception {
    X509Certificate certificate = pki.makeClient(name, "CN=" + name, authority);
    PolicyDocument document = PolicyDocument.parse(policy);
    registry.change(
        state ->
            state
                .with(new Thing(name, Map.of()))
                .withPolicy(name, document, Instant.now())
                .with(
                    DeviceCertificate.of(certificate, "ca", Status.ACTIVE, Instant.now())
                        .withThings(Set.of(name))
                        .withPolicies(Set.of(name))));
  }

  void status(String identity, Status status) throws Exception {
    String id = pki.active(identity).orElseThrow().fingerprint();
    registry.change(
        state -> state.with(state.certificates().get(id).withStatus(status, Instant.now())));
  }

  /** A client that has done TLS and nothing else. */
  RawClient dial(String identity) throws Exception {
    SSLContext context = contexts.computeIfAbsent(identity, name -> pki.clientContext(name, "ca"));
    return new RawClient(context, server.port());
  }

  /** A client that is connected, with a clean session. */
  RawClient client(String clientId) throws Exception {
    return client(clientId.startsWith("limited") ? "limited" : "full", clientId, true);
  }

  RawClient client(String identity, String clientId, boolean clean) throws Exception {
    RawClient client = dial(identity);
    int code = client.connect(clientId, clean, 60);
    if (code != 0) {
      throw new AssertionError("CONNACK " + code);
    }
    return client;
  }

  @Override
  public void close() {
    server.close();
    broker.close();
  }
}
