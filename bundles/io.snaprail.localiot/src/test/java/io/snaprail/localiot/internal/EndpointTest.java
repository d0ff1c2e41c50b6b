package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.setup.DemoSettings;
import io.snaprail.localiot.testing.Programs;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RecordingBoard;
import io.snaprail.localiot.testing.TestPki;
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
            5);
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
