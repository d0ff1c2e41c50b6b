package io.snaprail.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.uplink.UplinkStatus.State;
import io.snaprail.mqtt.support.ScriptedBroker;
import io.snaprail.mqtt.support.Threads;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message at which the broker ends the connection, over real connections and their pauses. */
@Timeout(120)
class PoisonBrokerTest {
  private final Rig rig = new Rig();
  private final AtomicInteger sequence = new AtomicInteger();

  @AfterEach
  void end() {
    rig.close();
    await().untilAsserted(() -> assertThat(Threads.ofMqtt("p-")).isEmpty());
  }

  /** Whether a broker takes the next message. */
  private interface Taste {
    boolean takes(String topic, int before);
  }

  private static ScriptedBroker broker(Taste taste) throws Exception {
    return new ScriptedBroker(
        (socket, in) -> {
          ScriptedBroker.packet(in);
          ScriptedBroker.connack(socket, 0);
          for (int before = 0; ; ) {
            byte[] packet = ScriptedBroker.whole(in);
            if ((packet[0] & 0xf0) == 0x30) {
              if (!taste.takes(ScriptedBroker.topic(packet), before++)) {
                return;
              }
              ScriptedBroker.puback(socket, packet);
            }
          }
        });
  }

  private void sample(String uplink, String device) {
    rig.sample(uplink, device, sequence.incrementAndGet());
  }

  // AWS IoT Core ends the connection at a publish that the policy denies, without a word.
  @Test
  void messagesThatTheBrokerDeniesAreFoundWithinHalfAMinute() throws Exception {
    try (ScriptedBroker broker = broker((topic, before) -> !topic.endsWith("denied"))) {
      TelemetryUplink uplink = rig.open(Rig.plain("p-denied", "127.0.0.1", broker.port()));
      for (int i = 1; i <= 3; i++) {
        sample("p-denied", "before" + i);
        sample("p-denied", "denied");
        sample("p-denied", "after" + i);
      }
      // Twice the time, for a busy machine. What else is sent shows that the broker takes messages.
      await()
          .atMost(60, TimeUnit.SECONDS)
          .until(
              () -> {
                sample("p-denied", "other");
                return rig.spools.get("p-denied").quarantined().size() == 3;
              });
      await().until(() -> uplink.status().spool().entries() == 0);
      assertThat(rig.spools.get("p-denied").quarantined())
          .hasSize(3)
          .allMatch(each -> each.entry().topic().equals("t/denied"));
      await()
          .untilAsserted(
              () ->
                  assertThat(rig.problem("uplink:p-denied"))
                      .contains("to topic 't/denied'", "in quarantine", "policy"));
    }
  }

  @Test
  void brokerThatDiesForOtherReasonsGetsEveryMessage() throws Exception {
    Set<String> taken = ConcurrentHashMap.newKeySet();
    AtomicInteger lives = new AtomicInteger();
    Taste dies =
        (topic, before) -> {
          // Takes none, one, two of a connection, and after a while all.
          boolean alive = lives.get() > 7 || before < lives.get() % 3;
          if (alive) {
            taken.add(topic);
          } else {
            lives.incrementAndGet();
          }
          return alive;
        };
    try (ScriptedBroker broker = broker(dies)) {
      TelemetryUplink uplink = rig.open(Rig.plain("p-dies", "127.0.0.1", broker.port()));
      for (int i = 1; i <= 30; i++) {
        sample("p-dies", "d" + i);
      }
      await()
          .atMost(60, TimeUnit.SECONDS)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                State state = uplink.status().state();
                if (state == State.WAITING || state == State.FAULT) {
                  // As when the store changes: connects at once, where it would wait some seconds.
                  rig.component.bindCertificates(rig.certificates.store());
                }
                return uplink.status().spool().entries() == 0;
              });
      assertThat(taken).hasSize(30);
      assertThat(uplink.status().acknowledged()).isEqualTo(30);
      assertThat(rig.spools.get("p-dies").quarantined()).isEmpty();
    }
  }
}
