package io.snaprail.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.uplink.UplinkStatus.State;
import io.snaprail.mqtt.support.ScriptedBroker;
import io.snaprail.mqtt.support.Threads;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers that take and do not give, and what the gateway does meanwhile. */
@Timeout(90)
class HostileBrokerTest {
  private static final int CONNECT = 0x10;
  private static final int PUBLISH_QOS1 = 0x32;

  private final Rig rig = new Rig();
  private final AtomicInteger publishes = new AtomicInteger();

  @AfterEach
  void end() {
    rig.close();
    await().untilAsserted(() -> assertThat(Threads.ofMqtt("h-")).isEmpty());
  }

  private TelemetryUplink open(String name, int port) {
    return rig.open(Rig.plain(name, "127.0.0.1", port));
  }

  private static void awaitMessage(TelemetryUplink uplink, String part) {
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(uplink.status().message()).contains(part));
  }

  private void samples(String uplink, int count) {
    IntStream.rangeClosed(1, count).forEach(i -> rig.sample(uplink, "d", i));
  }

  /** Answers CONNECT, then takes everything and says nothing. */
  private void swallow(Socket socket, DataInputStream in) throws IOException {
    while (true) {
      int packet = ScriptedBroker.packet(in);
      if (packet == CONNECT) {
        ScriptedBroker.connack(socket, 0);
      } else if (packet == PUBLISH_QOS1) {
        publishes.incrementAndGet();
      }
    }
  }

  // Connected is not delivered: what is not acknowledged stays, and no more than the window flies.
  @Test
  void brokerThatAcknowledgesNothingIsFoundOutAndGetsNoMoreThanTheWindow() throws Exception {
    try (ScriptedBroker broker = new ScriptedBroker(this::swallow)) {
      TelemetryUplink uplink = open("h-mute", broker.port());
      await().until(() -> uplink.status().state() == State.CONNECTED);
      samples("h-mute", 1_000);
      awaitMessage(uplink, "has not acknowledged anything for 8 s though messages are in flight");
      assertThat(publishes.get()).isBetween(1, 80);
      assertThat(uplink.status().spool().entries()).isEqualTo(1_000);
      assertThat(uplink.status().acknowledged()).isZero();
    }
  }

  @Test
  void slowBrokerIsWaitedForAndGetsEverythingOnce() throws Exception {
    try (ScriptedBroker broker =
        new ScriptedBroker(
            (socket, in) -> {
              int id = 0;
              while (true) {
                int packet = ScriptedBroker.packet(in);
                if (packet == CONNECT) {
                  ScriptedBroker.connack(socket, 0);
                } else if (packet == PUBLISH_QOS1) {
                  publishes.incrementAndGet();
                  pause(100);
                  // Paho numbers from 1 in the order of sending.
                  id++;
                  socket.getOutputStream().write(new byte[] {0x40, 2, (byte) (id >> 8), (byte) id});
                }
              }
            })) {
      TelemetryUplink uplink = open("h-slow", broker.port());
      samples("h-slow", 100);
      await().atMost(30, TimeUnit.SECONDS).until(() -> uplink.status().acknowledged() == 100);
      assertThat(publishes.get()).isEqualTo(100);
      assertThat(broker.connections()).isEqualTo(1);
      assertThat(uplink.status().spool().entries()).isZero();
    }
  }

  private static void pause(long ms) {
    try {
      assertThat(new CountDownLatch(1).await(ms, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void brokerThatCutsAfterConnectIsTold() throws Exception {
    try (ScriptedBroker broker = new ScriptedBroker((socket, in) -> ScriptedBroker.packet(in))) {
      TelemetryUplink uplink = open("h-cut", broker.port());
      awaitMessage(uplink, "the broker closed the connection instead of answering CONNECT");
      await().until(() -> uplink.status().state() == State.WAITING);
    }
  }

  @Test
  void brokerThatNeverAnswersConnectIsGivenUp() throws Exception {
    try (ScriptedBroker broker =
        new ScriptedBroker(
            (socket, in) -> {
              while (true) {
                ScriptedBroker.packet(in);
              }
            })) {
      TelemetryUplink uplink = open("h-silent", broker.port());
      awaitMessage(uplink, "has not answered CONNECT within 8 s");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\u0000\u0000\u0000\u0000",
        "\u00ff\u00ff\u00ff\u00ff\u00ff"
      })
  void whatIsNoBrokerIsNotConnected(String answer) throws Exception {
    try (ScriptedBroker broker =
        new ScriptedBroker(
            (socket, in) -> {
              ScriptedBroker.packet(in);
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
              while (true) {
                ScriptedBroker.packet(in);
              }
            })) {
      TelemetryUplink uplink = open("h-http", broker.port());
      await()
          .atMost(30, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(uplink.status().message()).isNotEmpty());
      assertThat(uplink.status().state()).isNotEqualTo(State.CONNECTED);
    }
  }

  // MQTT 3.1.1, 3.1.4: a second client with the id would throw the first one out, for ever in turn.
  @Test
  void newConnectionIsMadeOnlyWhenTheOldOneIsGone() throws Exception {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger together = new AtomicInteger();
    ScriptedBroker.Script script =
        (socket, in) -> {
          if (!wentDown(open)) {
            together.incrementAndGet();
          }
          open.incrementAndGet();
          try {
            swallow(socket, in);
          } finally {
            open.decrementAndGet();
          }
        };
    try (ScriptedBroker broker = new ScriptedBroker(ScriptedBroker.inParallel(script))) {
      TelemetryUplink uplink = open("h-one", broker.port());
      samples("h-one", 10);
      // Each connection stalls, is torn down and followed by another.
      await().atMost(40, TimeUnit.SECONDS).until(() -> broker.connections() >= 3);
      assertThat(uplink.status().state()).isNotEqualTo(State.STOPPED);
      assertThat(together).hasValue(0);
    }
  }

  /** The end of the connection before may be seen a moment after the next has begun. */
  private static boolean wentDown(AtomicInteger open) {
    for (int i = 0; i < 50 && open.get() > 0; i++) {
      pause(20);
    }
    return open.get() == 0;
  }
}
