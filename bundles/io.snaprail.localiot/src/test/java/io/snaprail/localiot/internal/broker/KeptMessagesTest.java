package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RawClient.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Retained messages and persistent sessions. */
class KeptMessagesTest extends BrokerSuite {
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

  // Facts: Receive is checked on every delivery, so on the second one of a message too.
  @Test
  void whatAClientMayNotReceiveAnyMoreIsNotSentAgain() throws Exception {
    try (RawClient first = fixture.client("full", "limited-k", false)) {
      first.subscribe("#", 1);
      fixture.broker.publishFromService("b/x", bytes("no more"));
      fixture.broker.publishFromService("a/x", bytes("still"));
      assertThat(first.read().payload()).isEqualTo("no more");
      assertThat(first.read().payload()).isEqualTo("still");
    }
    awaitNobody();
    fixture.broker.publishFromService("b/y", bytes("nor this"));
    fixture.broker.publishFromService("a/y", bytes("this"));
    try (RawClient again = fixture.client("limited", "limited-k", false)) {
      assertThat(again.read().payload()).isEqualTo("still");
      assertThat(again.read().payload()).isEqualTo("this");
      again.ping();
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
}
