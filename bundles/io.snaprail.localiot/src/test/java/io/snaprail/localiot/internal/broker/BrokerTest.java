package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.testing.Programs;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RawClient.Packet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker over mutual TLS. Clauses: MQTT 3.1.1, and AWS IoT Core's own rules and quotas. */
class BrokerTest {
  @TempDir private static Path folder;
  private static BrokerFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = new BrokerFixture(folder, 5);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  // Nothing is left behind by any test: no subscription, no session, no byte.
  @AfterEach
  void nothingIsLeft() {
    awaitNobody();
    fixture.now.addAndGet(Quotas.SESSION_EXPIRY.toNanos() + 1);
    fixture.broker.expireSessions();
    assertThat(fixture.broker.sessionCount()).isZero();
    assertThat(fixture.broker.hasSubscriptions()).isFalse();
    assertThat(fixture.broker.queuedBytes()).isZero();
  }

  private static void awaitNobody() {
    await().pollInterval(Duration.ofMillis(2)).until(() -> fixture.broker.connections() == 0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---- who may connect

  @Test
  void lettingInAnActiveCertificateThatItsPolicyAllows() throws Exception {
    try (RawClient client = fixture.dial("limited")) {
      client.send(0x10, RawClient.connectBody("limited", 2, 60));
      Packet connack = client.read();
      assertThat(connack.type()).isEqualTo(2);
      assertThat(connack.hex()).isEqualTo("0000");
    }
  }

  @ParameterizedTest
  @CsvSource({"unknown, any", "limited, somebody-else"})
  void refusesUnknownCertificatesAndClientIdsThatNoPolicyAllows(String identity, String clientId)
      throws Exception {
    try (RawClient client = fixture.dial(identity)) {
      assertThat(client.connect(clientId, true, 60)).isEqualTo(5);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INACTIVE", "REVOKED", "PENDING_ACTIVATION"})
  void refusesACertificateThatIsNotActive(Status status) throws Exception {
    fixture.status("limited", status);
    try (RawClient client = fixture.dial("limited")) {
      assertThat(client.connect("limited", true, 60)).isEqualTo(5);
    } finally {
      fixture.status("limited", Status.ACTIVE);
    }
  }

  @Test
  void aCertificateThatIsSwitchedOffMayDoNothingAnyMore() throws Exception {
    try (RawClient client = fixture.client("limited")) {
      fixture.status("limited", Status.INACTIVE);
      client.publish("a/b", 1, "x");
      assertThat(client.isClosedByServer()).isTrue();
    } finally {
      fixture.status("limited", Status.ACTIVE);
    }
  }

  @Test
  void refusesAClientWithoutCertificateInTheHandshake() throws Exception {
    try (RawClient client = fixture.dial("")) {
      assertThatThrownBy(() -> client.connect("any", true, 60)).isInstanceOf(IOException.class);
    }
  }

  // Facts: ids starting with '$' are reserved; an empty one is legal, but has no session to keep
  // [MQTT-3.1.3-8].
  @ParameterizedTest
  @CsvSource({"$any, true, 2", "'', true, 0", "'', false, 2", "a/b, true, 0"})
  void checksClientIds(String clientId, boolean clean, int code) throws Exception {
    try (RawClient client = fixture.dial("full")) {
      assertThat(client.connect(clientId, clean, 60)).isEqualTo(code);
    }
  }

  @Test
  void aClientIdHasAtMost128Bytes() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      assertThat(client.connect("x".repeat(129), true, 60)).isEqualTo(2);
    }
    try (RawClient client = fixture.dial("full")) {
      assertThat(client.connect("x".repeat(128), true, 60)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 9})
  void refusesOtherProtocolVersions(int level) throws Exception {
    byte[] properties = level == 5 ? new byte[] {0} : new byte[0];
    try (RawClient client = fixture.dial("full")) {
      client.send(
          0x10,
          RawClient.utf8(level == 3 ? "MQIsdp" : "MQTT"),
          new byte[] {(byte) level, 2, 0, 60},
          properties,
          RawClient.utf8("any"));
      assertThat(client.read().hex()).isEqualTo("0001");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  // Facts: the newcomer wins, the old one is dropped.
  @Test
  void theNewcomerTakesOverAClientId() throws Exception {
    try (RawClient old = fixture.client("same");
        RawClient newcomer = fixture.client("same")) {
      assertThat(old.isClosedByServer()).isTrue();
      newcomer.ping();
      assertThat(newcomer.subscribe("t", 0)).isZero();
    }
  }

  // [MQTT-3.1.2-24]
  @Test
  void dropsAClientThatIsSilentFor1Point5TimesItsKeepAlive() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.connect("silent", true, 1);
      long start = System.nanoTime();
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(1400), Duration.ofMillis(2500));
    }
  }

  @Test
  void keepsAClientThatPings() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.connect("alive", true, 1);
      long start = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                client.ping();
                return System.nanoTime() - start > 2_000_000_000L;
              });
    }
  }

  // ---- publish and subscribe

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 1, 0", "1, 0, 0", "1, 1, 1"})
  void deliversWithTheLowerQos(int published, int subscribed, int delivered) throws Exception {
    try (RawClient subscriber = fixture.client("sub");
        RawClient publisher = fixture.client("pub")) {
      assertThat(subscriber.subscribe("a/+", subscribed)).isEqualTo(subscribed);
      publisher.publish("a/b", published, "hello");
      if (published == 1) {
        assertThat(publisher.read().hex()).isEqualTo("0007"); // PUBACK with our packet id
      }
      Packet message = subscriber.read();
      assertThat(message.qos()).isEqualTo(delivered);
      assertThat(message.topic()).isEqualTo("a/b");
      assertThat(message.payload()).isEqualTo("hello");
      assertThat(message.retained()).isFalse();
      if (delivered == 1) {
        subscriber.puback(message.packetId());
        subscriber.ping();
      }
    }
  }

  @Test
  void unsubscribes() throws Exception {
    try (RawClient client = fixture.client("both")) {
      client.subscribe("a/b", 0);
      client.send(0xA2, new byte[] {0, 5}, RawClient.utf8("a/b"));
      Packet unsuback = client.read();
      assertThat(unsuback.type()).isEqualTo(11);
      assertThat(unsuback.hex()).isEqualTo("0005");
      client.publish("a/b", 0, "nobody");
      client.ping();
    }
  }

  // Facts: a QoS 2 publish or subscribe gets no answer.
  @Test
  void qos2EndsTheConnectionWithoutAnAnswer() throws Exception {
    try (RawClient client = fixture.client("two")) {
      client.publish("a/b", 2, "x");
      assertThat(client.isClosedByServer()).isTrue();
    }
    try (RawClient client = fixture.client("two")) {
      client.send(0x82, new byte[] {0, 9}, RawClient.utf8("a/b"), new byte[] {2});
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void takesAtMost8FiltersInOneSubscribe() throws Exception {
    try (RawClient client = fixture.client("many")) {
      client.send(0x82, filters(8));
      assertThat(client.read().body()).hasSize(2 + 8);
      client.send(0x82, filters(9));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  private static byte[][] filters(int count) {
    List<byte[]> parts = new ArrayList<>(List.of(new byte[] {0, 9}));
    for (int i = 0; i < count; i++) {
      parts.add(RawClient.utf8("t" + i));
      parts.add(new byte[] {0});
    }
    return parts.toArray(byte[][]::new);
  }

  @Test
  void refusesThe51stSubscription() throws Exception {
    try (RawClient client = fixture.client("fifty")) {
      for (int i = 0; i < Quotas.SUBSCRIPTIONS_PER_CONNECTION; i++) {
        assertThat(client.subscribe("t" + i, 0)).isZero();
      }
      assertThat(client.subscribe("t50", 0)).isEqualTo(0x80);
      assertThat(client.subscribe("t0", 1)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a/b,             0x01",
    "a/#,             0x01",
    "b/#,             0x80", // no policy allows it
    "#,               0x80",
    "a/restricted/x,  0x80", // a policy denies it
    "$other/x,        0x80",
    "a/2/3/4/5/6/7/8, 0x01", // 7 slashes
    "a/2/3/4/5/6/7/8/9, 0x80",
  })
  void answersSubscriptionsByPolicyAndQuota(String filter, int code) throws Exception {
    try (RawClient client = fixture.client("limited")) {
      assertThat(client.subscribe(filter, 1)).isEqualTo(code);
    }
  }

  // Facts: Allow a/* with Deny a/restricted/* does not stop a subscription to a/#: Receive is
  // checked on every delivery.
  @Test
  void checksReceiveOnEveryDelivery() throws Exception {
    try (RawClient subscriber = fixture.client("limited");
        RawClient publisher = fixture.client("pub")) {
      subscriber.subscribe("a/#", 1);
      publisher.publish("a/restricted/secret", 0, "secret");
      publisher.publish("a/open", 0, "open");

      assertThat(subscriber.read().payload()).isEqualTo("open");
    }
  }

  // Facts: a denied publish disconnects the client; its last will is sent.
  @Test
  void aDeniedPublishDisconnectsAndSendsTheLastWill() throws Exception {
    try (RawClient watcher = fixture.client("watcher");
        RawClient client = fixture.dial("limited")) {
      watcher.subscribe("#", 0);
      client.connectWithWill("limited-1", "a/will", "gone");
      client.publish("b/forbidden", 1, "x");

      assertThat(client.isClosedByServer()).isTrue();
      Packet will = watcher.read();
      assertThat(will.topic()).isEqualTo("a/will");
      assertThat(will.payload()).isEqualTo("gone");
    }
  }

  // [MQTT-3.14.4-3], and a will is subject to the policy as every publish.
  @Test
  void sendsTheWillOfACutConnectionButNotAfterDisconnectNorAgainstThePolicy() throws Exception {
    try (RawClient watcher = fixture.client("watcher")) {
      watcher.subscribe("#", 0);
      try (RawClient polite = fixture.dial("limited")) {
        polite.connectWithWill("limited-1", "a/polite", "x");
        polite.disconnect();
        assertThat(polite.isClosedByServer()).isTrue();
      }
      try (RawClient denied = fixture.dial("limited")) {
        denied.connectWithWill("limited-2", "b/denied", "x");
      }
      try (RawClient cut = fixture.dial("limited")) {
        cut.connectWithWill("limited-3", "a/cut", "x");
      }
      assertThat(watcher.read().topic()).isEqualTo("a/cut");
    }
  }

  @Test
  void takesPayloadsUpTo128Kilobytes() throws Exception {
    try (RawClient subscriber = fixture.client("sub");
        RawClient client = fixture.client("big")) {
      subscriber.subscribe("big", 0);
      client.publish("big", 1, false, new byte[Quotas.PAYLOAD_BYTES]);
      assertThat(client.read().type()).isEqualTo(4);
      assertThat(subscriber.read().payload()).hasSize(Quotas.PAYLOAD_BYTES);
      client.publish("big", 1, false, new byte[Quotas.PAYLOAD_BYTES + 1]);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/2/3/4/5/6/7/8/9", "a/+", "$other/topic", "$aws", "TOO LONG"})
  void aTopicThatMayNotBeEndsTheConnection(String topic) throws Exception {
    try (RawClient client = fixture.client("wrong")) {
      client.publish(topic.equals("TOO LONG") ? "x".repeat(257) : topic, 1, "x");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  // Basic Ingest goes to rules, never to subscribers; its prefix does not count as levels.
  @Test
  void basicIngestIsAcknowledgedAndReachesNoSubscriber() throws Exception {
    try (RawClient client = fixture.client("ingest")) {
      client.subscribe("$aws/#", 0);
      client.publish("$aws/rules/rule/1/2/3/4/5/6/7/8", 1, "x");
      assertThat(client.read().type()).isEqualTo(4);
      client.ping();
    }
  }

  // ---- retained messages

  // Facts: not delivered to wildcard subscriptions.
  @Test
  void retainedMessagesReachExactSubscriptionsOnly() throws Exception {
    try (RawClient publisher = fixture.client("pub");
        RawClient exact = fixture.client("exact");
        RawClient wildcard = fixture.client("wildcard")) {
      publisher.publish("r/x", 1, true, bytes("kept"));
      assertThat(publisher.read().type()).isEqualTo(4);

      wildcard.subscribe("r/+", 1);
      wildcard.subscribe("r/#", 1);
      wildcard.ping();
      exact.subscribe("r/x", 0);
      Packet kept = exact.read();

      assertThat(kept.payload()).isEqualTo("kept");
      assertThat(kept.retained()).isTrue();

      publisher.publish("r/x", 1, true, new byte[0]);
      assertThat(publisher.read().type()).isEqualTo(4);
      assertThat(exact.read().payload()).isEmpty();
      exact.subscribe("r/x", 0);
      exact.ping();
    }
  }

  // Facts: retaining needs iot:RetainPublish, and is refused on reserved topics.
  @ParameterizedTest
  @CsvSource({"limited, a/b", "full, $aws/rules/r/x"})
  void refusesToRetainWithoutTheRight(String identity, String topic) throws Exception {
    try (RawClient client = fixture.client(identity, identity, true)) {
      client.publish(topic, 1, true, bytes("x"));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  // ---- persistent sessions

  @Test
  void keepsQos1MessagesForASessionThatIsAway() throws Exception {
    try (RawClient first = fixture.client("full", "keeper", false)) {
      assertThat(first.subscribe("k/#", 1)).isEqualTo(1);
    }
    awaitNobody();
    try (RawClient publisher = fixture.client("pub")) {
      publisher.publish("k/0", 0, "lost");
      publisher.publish("k/1", 1, "kept");
      assertThat(publisher.read().type()).isEqualTo(4);
    }
    try (RawClient again = fixture.dial("full")) {
      again.send(0x10, RawClient.connectBody("keeper", 0, 60));
      assertThat(again.read().hex()).isEqualTo("0100"); // session present
      assertThat(again.read().payload()).isEqualTo("kept");
      // Not acknowledged: it comes again, marked as a duplicate, with the same id.
    }
    awaitNobody();
    try (RawClient last = fixture.client("full", "keeper", false)) {
      Packet duplicate = last.read();
      assertThat(duplicate.payload()).isEqualTo("kept");
      assertThat(duplicate.duplicate()).isTrue();
      last.puback(duplicate.packetId());
      last.ping();
    }
  }

  @Test
  void aCleanConnectForgetsTheSession() throws Exception {
    try (RawClient first = fixture.client("full", "forget", false)) {
      first.subscribe("k/#", 1);
    }
    try (RawClient clean = fixture.client("full", "forget", true)) {
      clean.publish("k/1", 0, "x");
      clean.ping();
    }
    try (RawClient again = fixture.dial("full")) {
      again.send(0x10, RawClient.connectBody("forget", 0, 60));
      assertThat(again.read().hex()).isEqualTo("0000");
    }
  }

  @Test
  void aSessionEndsAfterAnHour() throws Exception {
    try (RawClient first = fixture.client("full", "old", false)) {
      first.subscribe("k/#", 1);
    }
    awaitNobody();
    fixture.now.addAndGet(Quotas.SESSION_EXPIRY.toNanos() - 1);
    fixture.broker.expireSessions();
    assertThat(fixture.broker.sessionCount()).isEqualTo(1);
    fixture.now.addAndGet(1);
    fixture.broker.expireSessions();
    assertThat(fixture.broker.sessionCount()).isZero();
  }

  // ---- slow and hostile clients

  // A subscriber that reads nothing costs its own messages, not those of the others.
  @Test
  void aSlowSubscriberHoldsNobody() throws Exception {
    int messages = 400;
    byte[] payload = new byte[16 * 1024];
    try (RawClient slow = fixture.client("slow");
        RawClient quick = fixture.client("quick");
        RawClient publisher = fixture.client("pub")) {
      slow.subscribe("s", 0);
      quick.subscribe("s", 0);
      for (int i = 0; i < messages; i++) {
        payload[0] = (byte) i;
        publisher.publish("s", 1, false, payload);
        assertThat(publisher.read().type()).isEqualTo(4);
        assertThat(quick.read().payload().charAt(0))
            .isEqualTo(new String(payload, 0, 1, StandardCharsets.UTF_8).charAt(0));
      }
      assertThat(fixture.broker.queuedBytes()).isLessThanOrEqualTo(Quotas.QUEUED_BYTES);
      assertThat(fixture.broker.metrics().dropped.sum()).isPositive();
    }
  }

  @Test
  void sendsAtMost100UnacknowledgedMessages() throws Exception {
    try (RawClient subscriber = fixture.client("window");
        RawClient publisher = fixture.client("pub")) {
      subscriber.subscribe("w", 1);
      for (int i = 0; i < 120; i++) {
        publisher.publish("w", 1, "m" + i);
        publisher.read();
      }
      Packet first = subscriber.read();
      for (int i = 1; i < Quotas.IN_FLIGHT; i++) {
        assertThat(subscriber.read().payload()).isEqualTo("m" + i);
      }
      subscriber.ping(); // the 101st would come before the answer
      subscriber.puback(first.packetId());
      assertThat(subscriber.read().payload()).isEqualTo("m100");
    }
  }

  // Who asks and never reads the answers is not read from any more: the answers cannot pile up.
  @Test
  void stopsReadingFromAClientThatDoesNotReadItsAnswers() throws Exception {
    byte[] pings = new byte[64 * 1024];
    for (int i = 0; i < pings.length; i += 2) {
      pings[i] = (byte) 0xC0;
    }
    AtomicInteger sent = new AtomicInteger();
    try (RawClient bystander = fixture.client("bystander");
        RawClient flooding = fixture.client("flooding")) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  while (true) {
                    flooding.raw(pings);
                    sent.incrementAndGet();
                  }
                } catch (IOException closed) {
                  sent.set(-1);
                }
              });
      writer.start();

      await()
          .pollInterval(Duration.ofMillis(10))
          .during(Duration.ofMillis(500))
          .until(new Unchanged(sent)::holds);

      assertThat(sent.get()).isPositive();
      bystander.ping();
      flooding.abort();
      writer.join(5000);
      assertThat(writer.isAlive()).isFalse();
    }
  }

  private static final class Unchanged {
    private final AtomicInteger value;
    private int last = -1;

    Unchanged(AtomicInteger value) {
      this.value = value;
    }

    boolean holds() {
      int now = value.get();
      boolean same = now == last && now > 0;
      last = now;
      return same;
    }
  }

  // Facts: AWS's v2 SDKs send a user name and no password.
  @Test
  void ignoresTheUserName() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.send(
          0x10, RawClient.connectBody("sdk", 0x82, 60), RawClient.utf8("?SDK=JavaV2&Version=1"));
      assertThat(client.read().hex()).isEqualTo("0000");
    }
  }

  // Raw bytes as first packet. MQTT 3.1.1 sections 2 and 3; the comment says what is wrong.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 00", // type 0 is reserved
        "f0 00", // type 15 is reserved
        "c0 00", // PINGREQ before CONNECT
        "30 03 00 01 61", // PUBLISH before CONNECT
        "e0 00", // DISCONNECT before CONNECT
        "10 00", // CONNECT without body
        "10 02 00 04", // CONNECT ends in the protocol name
        "10 ff ff ff ff 01", // length of five bytes
        "10 ff ff ff 7f", // 256 MB are announced
        "10 0c 00 04 4d 51 54 54 04 03 00 3c 00 00", // reserved flag is set [MQTT-3.1.2-3]
        "10 0e 00 04 4d 51 54 54 04 02 00 3c 00 7f 61 62", // client id longer than the packet
        "10 0e 00 04 4d 51 54 54 04 1e 00 3c 00 02 61 62", // last will with QoS 3
        "82 02 00 01", // SUBSCRIBE before CONNECT
        "47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a", // GET / HTTP/1.1
      })
  void aMalformedFirstPacketEndsTheConnection(String hex) throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.raw(HexFormat.ofDelimiter(" ").parseHex(hex));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 73 61 6d 65", // a second CONNECT [MQTT-3.1.0-2]
        "20 02 00 00", // CONNACK from a client
        "50 02 00 01", // PUBREC, of QoS 2
        "62 02 00 01", // PUBREL, of QoS 2
        "90 03 00 01 00", // SUBACK from a client
        "d0 00", // PINGRESP from a client
        "f0 00", // type 15 is reserved
        "32 05 00 01 61 00 00", // PUBLISH QoS 1 with packet id 0 [MQTT-2.3.1-1]
        "32 03 00 01 61", // PUBLISH QoS 1 without packet id
        "36 05 00 01 61 00 01", // PUBLISH with QoS 3 [MQTT-3.3.1-4]
        "30 02 00 00", // PUBLISH with an empty topic [MQTT-4.7.3-1]
        "30 05 00 09 61 62 63", // topic longer than the packet
        "30 04 00 02 c3 28", // topic is not UTF-8 [MQTT-1.5.3-1]
        "30 03 00 01 00", // topic holds NUL [MQTT-1.5.3-2]
        "82 02 00 01", // SUBSCRIBE without filter [MQTT-3.8.3-3]
        "82 06 00 01 00 01 61 03", // SUBSCRIBE with QoS 3 [MQTT-3.8.3-4]
        "82 09 00 01 00 03 61 2f 23 00 ff", // rubbish behind the filter
        "82 07 00 01 00 02 61 23 00", // filter a# [MQTT-4.7.1-2]
        "80 06 00 01 00 01 61 00", // SUBSCRIBE with flags 0 [MQTT-3.8.1-1]
        "a2 02 00 01", // UNSUBSCRIBE without filter [MQTT-3.10.3-2]
        "40 01 00", // PUBACK of one byte
      })
  void aMalformedPacketEndsTheConnection(String hex) throws Exception {
    try (RawClient bystander = fixture.client("bystander");
        RawClient client = fixture.client("malformed")) {
      client.raw(HexFormat.ofDelimiter(" ").parseHex(hex));
      assertThat(client.isClosedByServer()).isTrue();
      bystander.ping();
    }
  }

  // ---- a client that nobody here wrote

  @Test
  void mosquittoPublishesToMosquitto() throws Exception {
    Programs.require("mosquitto_sub", "mosquitto-clients");
    Process subscriber =
        Programs.start(mosquitto("mosquitto_sub", "full", "sub", "m/#", "-C", "3", "-W", "10"));
    await().pollInterval(Duration.ofMillis(20)).until(fixture.broker::hasSubscriptions);
    for (String message : List.of("one", "two", "three")) {
      Programs.succeed(mosquitto("mosquitto_pub", "full", "pub", "m/x", "-m", message));
    }

    String received =
        new String(subscriber.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(received).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void mosquittoIsToldThatItIsNotAuthorised() {
    Programs.require("mosquitto_pub", "mosquitto-clients");

    Programs.Result refused =
        Programs.run(mosquitto("mosquitto_pub", "limited", "other", "a/b", "-m", "x"));

    assertThat(refused.code()).isNotZero();
    assertThat(refused.output()).containsIgnoringCase("not authorised");
  }

  private static String[] mosquitto(
      String program, String identity, String clientId, String topic, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(fixture.server.port()),
                "-V",
                "311",
                "-q",
                "1",
                "-i",
                clientId,
                "-t",
                topic,
                "--cafile",
                fixture.pki.rootsFile("ca").toString(),
                "--cert",
                fixture.pki.certificateFile(identity).toString(),
                "--key",
                fixture.pki.keyFile(identity).toString()));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }
}
