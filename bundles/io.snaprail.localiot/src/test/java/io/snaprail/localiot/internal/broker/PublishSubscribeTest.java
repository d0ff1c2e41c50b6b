package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RawClient.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing and subscribing. Clauses: MQTT 3.1.1, and AWS IoT Core's own rules and quotas. */
class PublishSubscribeTest extends BrokerSuite {
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
      client.subscribe("$aws/rules/#", 0);
      client.publish("$aws/rules/rule/1/2/3/4/5/6/7/8", 1, "x");
      assertThat(client.read().type()).isEqualTo(4);
      client.ping();
    }
  }
}
