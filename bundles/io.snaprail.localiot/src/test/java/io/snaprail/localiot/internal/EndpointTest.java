package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.ClientAuthorities;
import io.snaprail.localiot.internal.registry.ClientAuthority;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.setup.DemoSettings;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RecordingBoard;
import io.snaprail.localiot.testing.TestPki;
import io.snaprail.testkit.peer.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint as a whole: what it makes for itself, and how it starts, stops and restarts. */
class EndpointTest {
  private static final String THING = "snaprail-demo";

  private static final String ALLOW =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}}";

  @TempDir private Path folder;
  private final RecordingBoard board = new RecordingBoard();
  private TestPki pki;
  private Endpoint endpoint;

  @BeforeEach
  void makePki() {
    pki = new TestPki(folder.resolve("pki"));
  }

  @AfterEach
  void stop() {
    if (endpoint != null) {
      endpoint.close();
    }
  }

  private void start(int port, Clock clock) {
    EndpointSettings settings =
        new EndpointSettings(
            "127.0.0.1",
            port,
            new Arns("local", "123456789012"),
            new DemoSettings(THING, "demo", List.of("{{thing}}/*")),
            new Rules(false, 5));
    endpoint =
        new Endpoint(
            "test",
            settings,
            new Endpoint.Environment(
                pki, pki, board, clock, folder.resolve("localiot"), "config/x.json"));
    endpoint.start();
  }

  private void startAndAwait() {
    start(0, Clock.systemUTC());
    awaitReady();
  }

  private void awaitReady() {
    await().until(() -> endpoint.ready());
  }

  private RawClient demoClient() throws Exception {
    return new RawClient(pki.clientContext("demo", "localiot"), endpoint.port());
  }

  @Test
  void provisionsTheDemoThingSoThatMosquittoCanPublishAndSubscribe() throws Exception {
    Programs.require("mosquitto_pub", "mosquitto-clients");
    startAndAwait();
    // The policy allows the thing's own id only, so one publishes and then subscribes.
    Programs.succeed(
        mosquitto("mosquitto_pub", THING, THING + "/data", "-q", "1", "-r", "-m", "{\"v\":1}"));
    String received =
        Programs.succeed(mosquitto("mosquitto_sub", THING, THING + "/data", "-C", "1", "-W", "10"));

    assertThat(received).isEqualTo("{\"v\":1}\n");
  }

  private String[] mosquitto(String program, String clientId, String topic, String... more) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                program,
                "-h",
                "localhost",
                "-p",
                Integer.toString(endpoint.port()),
                "-V",
                "311",
                "--cafile",
                pki.rootsFile("localiot").toString(),
                "--cert",
                pki.certificateFile("demo").toString(),
                "--key",
                pki.keyFile("demo").toString(),
                "-i",
                clientId,
                "-t",
                topic));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  @Test
  void answersShadowRequestsOfTheDemoThingAndKeepsTheShadow() throws Exception {
    startAndAwait();
    String prefix = "$aws/things/" + THING + "/shadow/";
    try (RawClient client = demoClient()) {
      client.connect(THING, true, 60);
      client.subscribe(prefix + "+/accepted", 1);
      client.subscribe(prefix + "update/+", 1);
      client.publish(prefix + "update", 0, "{\"state\":{\"desired\":{\"speed\":3}}}");
      assertThat(client.read().topic()).isEqualTo(prefix + "update/delta");
      assertThat(client.read().topic()).isEqualTo(prefix + "update/documents");
      assertThat(client.read().topic()).isEqualTo(prefix + "update/accepted");
    }
    endpoint.close();

    startAndAwait();

    try (RawClient client = demoClient()) {
      client.connect(THING, true, 60);
      client.subscribe(prefix + "get/accepted", 0);
      client.publish(prefix + "get", 0, "");
      assertThat(client.read().payload()).contains("\"speed\":3", "\"version\":1");
    }
  }

  @Test
  void takesACertificateThatItHasSignedAtOnceAndForgetsItAtOnce() throws Exception {
    startAndAwait();
    Registry registry = endpoint.registry().orElseThrow();
    String request = pki.createSigningRequest("device", KeyType.EC_P256, "CN=device", List.of());
    DeviceCertificate certificate =
        registry.certificates().createFromCsr(request, DeviceCertificate.Status.ACTIVE);
    registry.policies().create("all", ALLOW);
    registry.policies().attach("all", certificate.id());
    pki.importCertificate("device", certificate.pem());

    try (RawClient client = dial("device")) {
      assertThat(client.connect("device", true, 60)).isZero();
      // A policy counts at once, and so does its loss.
      registry.policies().detach("all", certificate.id());
      client.publish("a", 1, "x");
      assertThat(client.isClosedByServer()).isTrue();
    }
    registry.certificates().setStatus(certificate.id(), DeviceCertificate.Status.INACTIVE);
    registry.certificates().delete(certificate.id(), false);
    try (RawClient client = dial("device")) {
      assertThatThrownBy(() -> client.connect("device", true, 60)).isInstanceOf(IOException.class);
    }
  }

  private RawClient dial(String identity) throws Exception {
    return new RawClient(pki.clientContext(identity, "localiot"), endpoint.port());
  }

  // Developer guide, "Register a client certificate when the client connects to AWS IoT
  // just-in-time registration": PENDING_ACTIVATION, and an event.
  @Test
  void registersACertificateOfAnOwnAuthorityWhenItConnectsFirst() throws Exception {
    startAndAwait();
    Registry registry = endpoint.registry().orElseThrow();
    CertificateAuthorities.Authority own = pki.open("own", "CN=Own CA");
    ClientAuthority authority =
        registry
            .authorities()
            .register(
                Certificates.pem(own.certificate()), "", new ClientAuthorities.Use(true, true));
    String id = Certificates.id(pki.makeClient("device", "CN=device", own));
    pki.makeClient("watcher", "CN=watcher", own);
    String watcher =
        registry
            .certificates()
            .register(
                Files.readString(pki.certificateFile("watcher")),
                "",
                DeviceCertificate.Status.ACTIVE)
            .id();
    registry.policies().create("all", ALLOW);
    registry.policies().attach("all", watcher);

    try (RawClient watching = dial("watcher");
        RawClient device = dial("device")) {
      watching.connect("watcher", true, 60);
      watching.subscribe("$aws/events/certificates/registered/" + authority.id(), 0);
      assertThat(device.connect("device", true, 60)).isEqualTo(5);
      assertThat(watching.read().payload())
          .contains("\"certificateId\":\"" + id + "\"", "\"PENDING_ACTIVATION\"");
    }
    assertThat(registry.certificates().describe(id).status())
        .isEqualTo(DeviceCertificate.Status.PENDING_ACTIVATION);
    registry.certificates().setStatus(id, DeviceCertificate.Status.ACTIVE);
    registry.policies().attach("all", id);
    try (RawClient device = dial("device")) {
      assertThat(device.connect("device", true, 60)).isZero();
    }
  }

  @Test
  void refusesAClientIdThatIsNotTheThings() throws Exception {
    startAndAwait();
    try (RawClient client = demoClient()) {
      assertThat(client.connect("somebody-else", true, 60)).isEqualTo(5);
      assertThat(client.isClosedByServer()).isTrue();
    }
    try (RawClient client = demoClient()) {
      assertThat(client.connect(THING, true, 60)).isZero();
    }
  }

  @Test
  void makesNoNewKeysOrCertificatesWhenItIsStartedAgain() throws Exception {
    startAndAwait();
    String fingerprint = pki.active("demo").orElseThrow().fingerprint();
    byte[] registry = Files.readAllBytes(folder.resolve("localiot/registry.json"));
    assertThat(pki.keysMade).isEqualTo(2);
    endpoint.close();

    startAndAwait();

    assertThat(pki.keysMade).isEqualTo(2);
    assertThat(pki.active("demo").orElseThrow().fingerprint()).isEqualTo(fingerprint);
    assertThat(folder.resolve("localiot/registry.json")).hasBinaryContent(registry);
  }

  @Test
  void renewsCertificatesThatAreNearTheirEndAndSwitchesTheOldOneOff() throws Exception {
    startAndAwait();
    String old = pki.active("demo").orElseThrow().fingerprint();
    endpoint.close();

    start(0, Clock.offset(Clock.systemUTC(), Duration.ofDays(340)));
    await().until(() -> registry().contains("INACTIVE"));

    String renewed = pki.active("demo").orElseThrow().fingerprint();
    assertThat(renewed).isNotEqualTo(old);
    assertThat(registry())
        .contains("\"" + old + "\":{\"status\":\"INACTIVE\"")
        .contains("\"" + renewed + "\":{\"status\":\"ACTIVE\"");
  }

  private String registry() throws Exception {
    return Files.readString(folder.resolve("localiot/registry.json")).replaceAll("\\s", "");
  }

  @Test
  void provisionsAgainWhenTheIdentityIsLost() throws Exception {
    startAndAwait();
    pki.removeIdentity("demo");

    endpoint.identityChanged("demo");

    await().until(() -> pki.active("demo").isPresent());
    await()
        .untilAsserted(
            () -> {
              try (RawClient client = demoClient()) {
                assertThat(client.connect(THING, true, 60)).isZero();
              }
            });
  }

  @Test
  void namesAPortThatIsTakenAndListensAsSoonAsItIsFree() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      start(port, Clock.systemUTC());
      await().until(() -> !board.messages().isEmpty());
      assertThat(board.messages())
          .singleElement()
          .asString()
          .contains("127.0.0.1:" + port, "taken", "'port'", "config/x.json");
    }
    awaitReady();
    await().untilAsserted(() -> assertThat(board.messages()).isEmpty());
  }

  @Test
  void namesADamagedRegistryAndLeavesItAlone() throws Exception {
    Path file = folder.resolve("localiot/registry.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"format\":1,");

    start(0, Clock.systemUTC());

    await().until(() -> !board.messages().isEmpty());
    assertThat(board.messages()).singleElement().asString().contains(file.toString(), "move it");
    assertThat(file).hasContent("{\"format\":1,");
  }

  @Test
  void endsAllItsThreadsWithinTwoSecondsWithClientsConnected() throws Exception {
    startAndAwait();
    try (RawClient client = demoClient()) {
      client.connect(THING, true, 60);
      assertThat(threads()).isNotEmpty();
      long start = System.nanoTime();

      endpoint.close();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(client.isClosedByServer()).isTrue();
    }
    // Netty's own executor lingers for a second.
    await().until(() -> threads().isEmpty());
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("snaprail-localiot") || name.contains("globalEvent"))
        .collect(Collectors.toSet());
  }
}
