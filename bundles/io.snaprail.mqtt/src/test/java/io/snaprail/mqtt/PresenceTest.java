package io.snaprail.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.Login;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.api.uplink.UplinkStatus.State;
import io.snaprail.mqtt.support.TestCa;
import io.snaprail.mqtt.support.Threads;
import io.snaprail.testkit.peer.Mosquitto;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Last will, online message and kept sessions, against Debian's mosquitto. */
@Tag("peer")
@Timeout(60)
class PresenceTest {
  @TempDir Path folder;
  private final Rig rig = new Rig();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private Mosquitto broker;

  @BeforeEach
  void start() throws Exception {
    broker = new Mosquitto(folder);
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
    broker.close();
    await().untilAsserted(() -> assertThat(Threads.ofMqtt("w-")).isEmpty());
  }

  private void watch() throws Exception {
    TelemetryUplink watcher = rig.open(Rig.plain("w-watch", "127.0.0.1", broker.port()));
    watcher
        .session()
        .subscribe(
            "presence/+",
            (topic, payload) -> seen.add(new String(payload, StandardCharsets.UTF_8)));
    await().until(() -> broker.logText().contains("presence/+ (QoS 1)"));
  }

  private TelemetryUplink open() {
    Presence presence =
        Presence.of("presence/g", Presence.ONLINE, Presence.OFFLINE, 1, /* retained= */ true);
    return rig.open(
        new MqttSettings(
            "w-g",
            "127.0.0.1",
            broker.port(),
            null,
            new ClientSettings("w-g", Login.NONE, Duration.ofSeconds(30), true, presence)));
  }

  // MQTT 3.1.1, 3.14.4: DISCONNECT makes the broker discard the will, so the gateway says it
  // itself.
  @Test
  void gatewayThatGoesSaysSoItself() throws Exception {
    broker.start();
    watch();
    TelemetryUplink uplink = open();
    await().until(() -> seen.contains(Presence.ONLINE));
    uplink.close();
    await().until(() -> seen.contains(Presence.OFFLINE));
    assertThat(broker.logText()).contains("Received DISCONNECT from w-g");
    assertThat(seen).containsExactly(Presence.ONLINE, Presence.OFFLINE);
  }

  // MQTT 3.1.1, 3.1.2.5: any end without DISCONNECT; here another client takes the id.
  @Test
  void brokerSaysItForAGatewayThatIsGoneAndItComesBack() throws Exception {
    broker.start();
    watch();
    open();
    await().until(() -> seen.contains(Presence.ONLINE));
    new ProcessBuilder(
            "mosquitto_pub",
            "-p",
            Integer.toString(broker.port()),
            "-i",
            "w-g",
            "-t",
            "x",
            "-m",
            "x")
        .start()
        .waitFor(10, TimeUnit.SECONDS);
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(seen)
                    .containsExactly(Presence.ONLINE, Presence.OFFLINE, Presence.ONLINE));
  }

  // A late subscriber gets the last of them: MQTT 3.1.1, 3.3.1.3.
  @Test
  void lastOneIsKeptForWhoComesLater() throws Exception {
    broker.start();
    TelemetryUplink uplink = open();
    await().until(() -> uplink.status().state() == State.CONNECTED);
    await().until(() -> broker.logText().contains("'presence/g'"));
    watch();
    await().until(() -> seen.equals(List.of(Presence.ONLINE)));
  }

  // MQTT 3.1.1, 3.1.2.4 and 3.2.2.2.
  @Test
  void keptSessionGetsWhatCameMeanwhileAndIsNotSubscribedTwice() throws Exception {
    TestCa ca = new TestCa("CA");
    rig.certificates.roots("roots", ca);
    rig.certificates.identity("demo", ca.issue("gateway-7"));
    ca.serve(broker, ca.issue("localhost", "localhost")).start();
    List<String> received = new CopyOnWriteArrayList<>();
    TelemetryUplink uplink =
        rig.open(
            new MqttSettings(
                "w-kept",
                "localhost",
                broker.port(),
                new TlsSettings("demo", "roots"),
                new ClientSettings(
                    "w-kept",
                    Login.NONE,
                    Duration.ofSeconds(30),
                    /* cleanSession= */ false,
                    Presence.NONE)));
    uplink.session().subscribe("kept/#", (topic, payload) -> received.add(topic));
    await().until(() -> broker.logText().contains("kept/# (QoS 1)"));
    rig.changed("demo");
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> broker.logText().split("Sending CONNACK to w-kept", -1).length == 3);
    // The broker says that it has kept the session.
    assertThat(broker.logText()).contains("Sending CONNACK to w-kept (1, 0)");
    await().until(() -> uplink.session().connected());
    uplink
        .session()
        .publish("kept/a", new byte[] {1}, 1, false)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    await().until(() -> received.contains("kept/a"));
    assertThat(broker.logText().split("Received SUBSCRIBE from w-kept", -1)).hasSize(2);
  }
}
