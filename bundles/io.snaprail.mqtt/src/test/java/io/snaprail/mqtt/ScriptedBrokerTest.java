package io.snaprail.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.Login;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.uplink.UplinkStatus.State;
import io.snaprail.mqtt.support.ScriptedBroker;
import io.snaprail.mqtt.support.TestCa;
import io.snaprail.mqtt.support.Threads;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers that misbehave in ways that a real one cannot be asked to. */
@Timeout(20)
class ScriptedBrokerTest {
  private final Rig rig = new Rig();

  @AfterEach
  void end() {
    rig.close();
    await().untilAsserted(() -> assertThat(Threads.ofMqtt("u-")).isEmpty());
  }

  private static void awaitMessage(TelemetryUplink uplink, String part) {
    await().untilAsserted(() -> assertThat(uplink.status().message()).contains(part));
  }

  @Test
  void refusedConnectionIsToldInPlainWords() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    TelemetryUplink uplink = rig.open(Rig.plain("u-refused", "127.0.0.1", port));
    awaitMessage(uplink, "mqtt://127.0.0.1:" + port + ": connection refused: nothing listens");
    await().until(() -> uplink.status().state() == State.WAITING);
  }

  @Test
  void unknownHostNameIsToldInPlainWords() {
    TelemetryUplink uplink = rig.open(Rig.plain("u-dns", "broker.invalid", 1883));
    awaitMessage(uplink, "the name 'broker.invalid' has no address");
  }

  @Test
  void wrongPasswordIsAFaultThatIsTriedSlowly() throws Exception {
    try (ScriptedBroker broker =
        new ScriptedBroker(
            (socket, in) -> {
              ScriptedBroker.packet(in);
              ScriptedBroker.connack(socket, 4);
            })) {
      TelemetryUplink uplink = rig.open(Rig.plain("u-auth", "127.0.0.1", broker.port()));
      await().until(() -> uplink.status().state() == State.FAULT);
      assertThat(uplink.status().message()).contains("does not accept user and password (code 4)");
      assertThat(rig.problem("uplink:u-auth")).contains("code 4");
      assertThat(broker.connections()).isEqualTo(1);
    }
  }

  @Test
  void missingIdentityIsWaitedForAndNamed() {
    rig.certificates.roots("roots", new TestCa("CA"));
    TelemetryUplink uplink = rig.open(Rig.tls("u-id", "127.0.0.1", 1, "demo"));
    awaitMessage(uplink, "identity 'demo' not found in the certificate store; waiting");
    assertThat(uplink.status().state()).isEqualTo(State.FAULT);
  }

  @Test
  void missingPasswordIsNamedAndNotTheSecret() {
    TelemetryUplink uplink =
        rig.open(
            new MqttSettings(
                "u-secret",
                "127.0.0.1",
                1,
                null,
                new ClientSettings(
                    "c",
                    new Login("user", "broker-password"),
                    Duration.ofSeconds(30),
                    true,
                    Presence.NONE)));
    awaitMessage(uplink, "secret 'broker-password' not found in the secret store");
  }

  // Paho 1.2.5 leaves a thread that spins for ever when the broker hangs up before CONNECT is sent.
  @Test
  void brokerThatHangsUpAtOnceLeavesNoThread() throws Exception {
    try (ScriptedBroker broker = new ScriptedBroker((socket, in) -> {})) {
      TelemetryUplink uplink = rig.open(Rig.plain("u-hangup", "127.0.0.1", broker.port()));
      await().until(() -> broker.connections() >= 2);
      awaitMessage(uplink, "closed the connection instead of answering CONNECT");
      uplink.close();
      await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(Threads.ofMqtt("u-hangup")).isEmpty());
    }
  }

  // MQTT 3.1.1 has no reason codes: only the pattern tells a policy from a bad line.
  @Test
  void connectionThatIsDroppedEachTimeIsSuspectedOfPolicy() throws Exception {
    try (ScriptedBroker broker =
        new ScriptedBroker(
            (socket, in) -> {
              ScriptedBroker.packet(in);
              ScriptedBroker.connack(socket, 0);
              ScriptedBroker.packet(in);
            })) {
      TelemetryUplink uplink = rig.open(Rig.plain("u-policy", "127.0.0.1", broker.port()));
      rig.sample("u-policy", "d", 1);
      await().atMost(15, TimeUnit.SECONDS).until(() -> uplink.status().state() == State.FAULT);
      assertThat(uplink.status().message()).contains("policy", "'u-policy'");
      assertThat(uplink.status().spool().entries()).isEqualTo(1);
    }
  }

  @Test
  void closingWhileTheBrokerDoesNotAnswerIsQuick() throws Exception {
    try (ScriptedBroker broker =
        new ScriptedBroker(
            (socket, in) -> {
              while (true) {
                ScriptedBroker.packet(in);
              }
            })) {
      TelemetryUplink uplink = rig.open(Rig.plain("u-silent", "127.0.0.1", broker.port()));
      await().until(() -> broker.connections() == 1);
      long start = System.nanoTime();
      uplink.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void nameThatIsTakenIsRefused() {
    rig.open(Rig.plain("u-twice", "127.0.0.1", 1));
    assertThatThrownBy(() -> rig.open(Rig.plain("u-twice", "127.0.0.1", 1)))
        .hasMessage("name: expected one that no other uplink has, found 'u-twice'");
  }

  @Test
  void closingWithdrawsEverything() {
    TelemetryUplink uplink = rig.open(Rig.plain("u-close", "127.0.0.1", 1));
    assertThat(rig.services).hasSize(3);
    uplink.close();
    uplink.close();
    assertThat(rig.services).hasSize(1);
    assertThat(rig.spools.get("u-close").closed()).isTrue();
    assertThat(rig.board.of("uplink:u-close")).isEmpty();
    assertThat(uplink.status().state()).isEqualTo(State.STOPPED);
  }
}
