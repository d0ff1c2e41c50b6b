package io.snaprail.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.mqtt.Delivery;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.uplink.UplinkStatus.State;
import io.snaprail.mqtt.support.TestCa;
import io.snaprail.mqtt.support.Threads;
import io.snaprail.testkit.peer.Mosquitto;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's mosquitto: a broker that someone else wrote. */
@Tag("peer")
@Timeout(60)
class MosquittoTest {
  private static final TestCa CA = new TestCa("Plant CA");
  private static final TestCa.Identity SERVER = CA.issue("localhost", "localhost", "127.0.0.1");
  private static final TestCa.Identity CLIENT = CA.issue("gateway-7");

  @TempDir Path folder;
  private final Rig rig = new Rig();
  private Mosquitto broker;

  @BeforeEach
  void start() throws Exception {
    broker = new Mosquitto(folder);
    rig.certificates.roots("roots", CA);
    rig.certificates.identity("demo", CLIENT);
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
    broker.close();
    await().untilAsserted(() -> assertThat(Threads.ofMqtt("m-")).isEmpty());
  }

  private static void awaitState(TelemetryUplink uplink, State state) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(uplink.status().state()).isEqualTo(state));
  }

  private static void awaitMessage(TelemetryUplink uplink, String part) {
    await().untilAsserted(() -> assertThat(uplink.status().message()).contains(part));
  }

  @Test
  void deliversOverMutualTlsInOrder() throws Exception {
    CA.serve(broker, SERVER).start();
    TelemetryUplink uplink = rig.open(Rig.tls("m-tls", "localhost", broker.port(), "demo"));
    List<JsonObject> received = new CopyOnWriteArrayList<>();
    uplink
        .session()
        .subscribe(
            "t/#",
            (topic, payload) ->
                received.add(
                    JsonParser.parseString(new String(payload, StandardCharsets.UTF_8))
                        .getAsJsonObject()));
    await().until(() -> broker.logText().contains("t/# (QoS 1)"));
    for (int i = 1; i <= 500; i++) {
      rig.sample("m-tls", "boiler", i);
    }
    await().until(() -> received.size() >= 500);
    assertThat(received.stream().map(json -> json.get("seq").getAsLong()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 500).mapToObj(i -> (long) i).toList());
    assertThat(received.get(0).get("boot").getAsString()).isEqualTo("boot-1");
    await().until(() -> uplink.status().spool().entries() == 0);
    assertThat(uplink.status().acknowledged()).isEqualTo(500);
    // The broker knows the client by its certificate.
    assertThat(broker.logText()).contains("u'gateway-7'");
    uplink.close();
    await().untilAsserted(() -> assertThat(broker.logText()).contains("Received DISCONNECT"));
  }

  @Test
  void nothingIsLostAndOrderIsKeptWhenTheBrokerIsKilled() throws Exception {
    broker.start();
    TelemetryUplink uplink =
        rig.open(
            Rig.plain("m-kill", "127.0.0.1", broker.port()),
            new Delivery(Delivery.IN_ORDER, Delivery.SHARE, 0, 0, false));
    awaitState(uplink, State.CONNECTED);
    for (int i = 1; i <= 3000; i++) {
      // A topic each, because mosquitto logs the topic of what it takes.
      rig.sample("m-kill", String.format("%05d", i), i);
      if (i == 1000) {
        await().until(() -> uplink.status().acknowledged() > 200);
        broker.kill();
      }
    }
    awaitState(uplink, State.WAITING);
    broker.start();
    await().atMost(15, TimeUnit.SECONDS).until(() -> uplink.status().spool().entries() == 0);
    List<String> topics = broker.received("m-kill");
    List<String> sent =
        IntStream.rangeClosed(1, 3000).mapToObj(i -> String.format("t/%05d", i)).toList();
    assertThat(new LinkedHashSet<>(topics)).containsExactlyElementsOf(sent);
    // At least once: what was in flight at the kill may come twice, nothing else.
    assertThat(topics.size()).isLessThanOrEqualTo(3000 + 100);
    assertThat(rig.problem("uplink:m-kill")).isEmpty();
  }

  @Test
  void frozenBrokerIsNoticedWithinTenSecondsWhilePublishing() throws Exception {
    CA.serve(broker, SERVER).start();
    TelemetryUplink uplink = rig.open(Rig.tls("m-freeze", "localhost", broker.port(), "demo"));
    awaitState(uplink, State.CONNECTED);
    broker.freeze();
    long start = System.nanoTime();
    IntStream.rangeClosed(1, 200).forEach(i -> rig.sample("m-freeze", "d" + i, i));
    await()
        .atMost(12, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(uplink.status().message())
                    .contains("has not acknowledged anything for 8 s"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    broker.thaw();
    await().atMost(15, TimeUnit.SECONDS).until(() -> uplink.status().spool().entries() == 0);
  }

  @Test
  void certificateForAnotherHostIsRefused() throws Exception {
    CA.serve(broker, CA.issue("other", "other.example")).start();
    TelemetryUplink uplink = rig.open(Rig.tls("m-host", "localhost", broker.port(), "demo"));
    awaitState(uplink, State.FAULT);
    assertThat(uplink.status().message())
        .contains("the broker's certificate is for another host than 'localhost'");
  }

  @Test
  void certificateForAnotherAddressIsRefused() throws Exception {
    CA.serve(broker, CA.issue("localhost", "localhost")).start();
    TelemetryUplink uplink = rig.open(Rig.tls("m-addr", "127.0.0.1", broker.port(), "demo"));
    awaitState(uplink, State.FAULT);
    assertThat(uplink.status().message()).contains("for another host than '127.0.0.1'");
  }

  @Test
  void expiredCertificateIsRefused() throws Exception {
    Instant now = Instant.now();
    TestCa.Identity expired =
        CA.issue("localhost", now.minusSeconds(7200), now.minusSeconds(3600), "localhost");
    CA.serve(broker, expired).start();
    TelemetryUplink uplink = rig.open(Rig.tls("m-old", "localhost", broker.port(), "demo"));
    awaitState(uplink, State.FAULT);
    assertThat(uplink.status().message()).contains("certificate is refused: it has expired");
  }

  @Test
  void certificateOfAnUnknownIssuerIsRefused() throws Exception {
    CA.serve(broker, new TestCa("Foreign CA").issue("localhost", "localhost")).start();
    TelemetryUplink uplink = rig.open(Rig.tls("m-ca", "localhost", broker.port(), "demo"));
    awaitState(uplink, State.FAULT);
    assertThat(uplink.status().message())
        .contains("its issuer is not among the trusted roots 'roots'");
  }

  @Test
  void missingAndForeignClientCertificatesAreToldApartAndANewOneIsUsedAtOnce() throws Exception {
    CA.serve(broker, SERVER).start();
    rig.certificates.identity("demo", new TestCa("Foreign CA").issue("stranger"));
    TelemetryUplink none = rig.open(Rig.tls("m-none", "localhost", broker.port(), ""));
    TelemetryUplink foreign = rig.open(Rig.tls("m-foreign", "localhost", broker.port(), "demo"));
    awaitMessage(none, "the broker asks for a client certificate");
    awaitMessage(foreign, "refuses the gateway's certificate");
    assertThat(foreign.status().message()).contains("CN=stranger");
    rig.certificates.identity("demo", CLIENT);
    rig.changed("demo");
    await().atMost(8, TimeUnit.SECONDS).until(() -> foreign.status().state() == State.CONNECTED);
    assertThat(none.status().state()).isEqualTo(State.FAULT);
  }

  @Test
  void portWithoutTlsIsTold() throws Exception {
    broker.start();
    TelemetryUplink uplink = rig.open(Rig.tls("m-plain", "localhost", broker.port(), "demo"));
    awaitMessage(uplink, "Does this port speak TLS");
  }

  @Test
  void messagesBesideTelemetryAreAcknowledgedAndSubscriptionsOutliveTheConnection()
      throws Exception {
    broker.start();
    TelemetryUplink uplink = rig.open(Rig.plain("m-sess", "127.0.0.1", broker.port()));
    List<String> received = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 20; i++) {
      uplink
          .session()
          .subscribe(
              "in/" + i + "/+",
              (topic, payload) -> {
                received.add(topic);
                // A faulty handler must cost neither the connection nor the next message.
                throw new IllegalStateException("on purpose");
              });
    }
    awaitState(uplink, State.CONNECTED);
    uplink
        .session()
        .publish("in/3/a", new byte[] {1}, 1, false)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    await().until(() -> received.contains("in/3/a"));
    broker.kill();
    awaitState(uplink, State.WAITING);
    assertThat(uplink.session().publish("x", new byte[0], 1, false).toCompletableFuture())
        .isCompletedExceptionally();
    broker.start();
    awaitState(uplink, State.CONNECTED);
    await().until(() -> broker.logText().split("in/19/\\+ \\(QoS 1\\)", -1).length == 3);
    uplink
        .session()
        .publish("in/19/b", new byte[] {1}, 1, false)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    await().until(() -> received.contains("in/19/b"));
    assertThat(uplink.status().state()).isEqualTo(State.CONNECTED);
  }
}
