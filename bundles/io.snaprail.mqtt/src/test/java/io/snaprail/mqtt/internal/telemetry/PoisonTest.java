package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.mqtt.Delivery;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.mqtt.internal.encoding.ClockSteps;
import io.snaprail.mqtt.internal.encoding.Encodings;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.support.FakeLink;
import io.snaprail.mqtt.support.FakeSpool;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages at which a broker ends the connection, and brokers that end it for other reasons. */
class PoisonTest {
  private static final Fault LOST = new Fault(Fault.Kind.NETWORK, "lost");
  private static final Broker TAKES_ALL = (topic, size, before) -> true;

  private final List<String> told = new ArrayList<>();
  private final FakeSpool spool = new FakeSpool(1 << 20);
  private final Counters counters = new Counters();
  private final AtomicLong time = new AtomicLong();
  private final FakeLink link = new FakeLink();
  private final Pump pump =
      new Pump(
          new Queue(spool, new ClockSteps(true)),
          Encodings.of(Payload.DEFAULT, Map.of()),
          new Pipeline.Time(
              Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC),
              time::get,
              new SplittableRandom(1)),
          Delivery.UNSHAPED,
          new Pump.Told(counters, (topic, words) -> told.add(topic + ":" + words)));
  private int cuts;
  private int hurried;

  /** Whether it acknowledges a message; else it ends the connection. */
  private interface Broker {
    boolean takes(String topic, int size, int before);
  }

  private void send(String topic) {
    send(topic, 1);
  }

  private void send(String topic, int size) {
    spool.append(Lane.NORMAL, topic, new byte[size]);
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      send("t" + i);
    }
  }

  /** One connection; whether the broker ended it. */
  private boolean connect(Broker broker) throws Exception {
    link.topics.clear();
    link.payloads.clear();
    link.receipts.clear();
    pump.begin(link, new InFlight(System::nanoTime));
    int seen = 0;
    for (int i = 0; i < 300 && spool.stats().entries() > 0; i++) {
      pump.step();
      while (seen < link.topics.size()) {
        if (!broker.takes(link.topics.get(seen), link.payloads.get(seen).length, seen)) {
          pump.end(LOST);
          cuts++;
          hurried += pump.hurries() ? 1 : 0;
          return true;
        }
        link.receipts.get(seen++).done(null);
      }
    }
    pump.end(new Fault(Fault.Kind.RENEW, "done"));
    return false;
  }

  /** As many connections as it takes until everything has gone somewhere. */
  private void connectAll(Broker broker) throws Exception {
    for (int i = 0; i < 500 && spool.stats().entries() > 0; i++) {
      connect(broker);
    }
    assertThat(spool.stats().entries()).isZero();
  }

  private static Broker denies(String... topics) {
    return (topic, size, before) -> !List.of(topics).contains(topic);
  }

  @Test
  void messageAtWhichTheBrokerEndsTheConnectionGoesIntoQuarantine() throws Exception {
    append(3);
    send("denied");
    append(6);
    connectAll(denies("denied"));
    assertThat(cuts).isEqualTo(6);
    // All but the first disconnect are followed up within seconds.
    assertThat(hurried).isEqualTo(5);
    assertThat(spool.quarantined())
        .singleElement()
        .matches(q -> q.entry().topic().equals("denied"));
    assertThat(counters.acknowledged()).isEqualTo(9);
    assertThat(counters.quarantined()).isEqualTo(1);
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("denied:the broker ends the connection")
        .contains("it is in quarantine");
    // It is taken again.
    send("denied");
    assertThat(connect(TAKES_ALL)).isFalse();
    assertThat(told).last().isEqualTo("denied:");
  }

  @Test
  void firstOfAllMessagesIsFoundTooAndTheNextOfItsTopicByTwoDisconnects() throws Exception {
    send("denied");
    send("denied");
    append(6);
    connectAll(denies("denied"));
    assertThat(spool.quarantined()).hasSize(2);
    // The second one was the first of its connection: only after others it is certain.
    assertThat(cuts).isEqualTo(8);
    assertThat(counters.acknowledged()).isEqualTo(6);
  }

  @Test
  void topicThatIsDeniedCostsFewConnectionsHoweverManyMessagesItHas() throws Exception {
    for (int i = 0; i < 50; i++) {
      append(1);
      send("denied");
    }
    connectAll(denies("denied"));
    assertThat(cuts).isEqualTo(10);
    assertThat(spool.quarantined()).hasSize(50);
    assertThat(counters.acknowledged()).isEqualTo(50);
    // The text does not change any more: it is told once.
    assertThat(told.stream().distinct()).hasSize(3);
    // After a while one is tried again.
    time.addAndGet(TimeUnit.MINUTES.toNanos(11));
    send("denied");
    assertThat(connect(TAKES_ALL)).isFalse();
    assertThat(spool.quarantined()).hasSize(50);
  }

  @Test
  void topicThatIsDeniedIsTriedEachTenMinutesThoughItComesEachMinute() throws Exception {
    AtomicInteger tried = new AtomicInteger();
    Broker denies =
        (topic, size, before) -> {
          tried.addAndGet(topic.equals("denied") ? 1 : 0);
          return !topic.equals("denied");
        };
    for (int i = 0; i < 3; i++) {
      append(10);
      send("denied");
    }
    connectAll(denies);
    assertThat(spool.quarantined()).hasSize(3);
    tried.set(0);
    for (int minute = 0; minute < 35; minute++) {
      time.addAndGet(TimeUnit.MINUTES.toNanos(1));
      append(4);
      send("denied");
      connectAll(denies);
    }
    assertThat(tried).hasValue(3);
    assertThat(spool.quarantined()).hasSize(38);
  }

  @Test
  void healthyMessagesOfItsTopicAreNotCondemnedByABrokerThatIsRestarted() throws Exception {
    append(4);
    send("u", 500);
    append(4);
    connectAll((topic, size, before) -> size < 500);
    assertThat(spool.quarantined()).hasSize(1);
    for (int i = 0; i < 3; i++) {
      send("u");
      append(4);
      // It dies at whatever comes first, and is back.
      connect((topic, size, before) -> false);
      connectAll(TAKES_ALL);
    }
    assertThat(spool.quarantined()).hasSize(1);
  }

  @Test
  void caseGoesOnThoughMessagesOfTheSameTopicNeverEnd() throws Exception {
    send("u", 500);
    for (int i = 0; i < 3; i++) {
      send("u");
      assertThat(connect((topic, size, before) -> size < 500)).isTrue();
    }
    link.topics.clear();
    link.payloads.clear();
    link.receipts.clear();
    pump.begin(link, new InFlight(System::nanoTime));
    for (int i = 0; i < 3_000 && link.topics.isEmpty(); i++) {
      send("u");
      pump.step();
    }
    assertThat(link.payloads).hasSize(1).allSatisfy(payload -> assertThat(payload).hasSize(1));
  }

  @Test
  void severalDeniedTopicsAreAllFound() throws Exception {
    for (int i = 0; i < 5; i++) {
      send("a");
      send("b");
      send("c");
      append(5);
    }
    connectAll(denies("a", "b", "c"));
    assertThat(spool.quarantined()).hasSize(15);
    assertThat(counters.acknowledged()).isEqualTo(25);
    assertThat(cuts).isLessThan(60);
  }

  // Larger than the broker's limit, on an uplink that sends everything to one topic.
  @Test
  void messagesThatAreTooLargeAreFoundAmongOthersOfTheirTopic() throws Exception {
    send("u", 50);
    send("u", 500);
    send("u", 500);
    for (int i = 0; i < 20; i++) {
      send("u", 50);
    }
    connectAll((topic, size, before) -> size < 100);
    assertThat(spool.quarantined()).hasSize(2).allMatch(q -> q.entry().payload().length == 500);
    assertThat(counters.acknowledged()).isEqualTo(21);
    assertThat(cuts).isLessThan(16);
  }

  // A broker that takes nothing, or no other, proves nothing: it waits, and what is new goes.
  @Test
  void messageThatIsAloneWaitsUntilThereAreOthers() throws Exception {
    send("denied");
    for (int i = 0; i < 20; i++) {
      assertThat(connect(denies("denied"))).isTrue();
    }
    assertThat(spool.quarantined()).isEmpty();
    assertThat(hurried).isLessThan(5);
    append(4);
    connectAll(denies("denied"));
    assertThat(spool.quarantined()).hasSize(1);
    assertThat(counters.acknowledged()).isEqualTo(4);
  }

  // A policy that allows nothing: everything waits until it is mended.
  @Test
  void brokerThatTakesNothingCostsNoMessage() throws Exception {
    for (int i = 0; i < 10; i++) {
      append(1);
      send("u");
    }
    for (int i = 0; i < 60; i++) {
      assertThat(connect((topic, size, before) -> false)).isTrue();
    }
    // It is not hammered for ever.
    assertThat(hurried).isLessThanOrEqualTo(12);
    assertThat(connect(TAKES_ALL)).isFalse();
    assertThat(spool.quarantined()).isEmpty();
    assertThat(counters.acknowledged()).isEqualTo(20);
  }

  private void assertNothingIsCondemned(int count) {
    assertThat(spool.quarantined()).isEmpty();
    assertThat(counters.rejected()).isZero();
    assertThat(counters.acknowledged()).isEqualTo(count);
  }

  @Test
  void lineThatBreaksOftenCostsNoMessage() throws Exception {
    append(100);
    connectAll((topic, size, before) -> before < cuts % 4);
    assertThat(cuts).isGreaterThan(20);
    assertNothingIsCondemned(100);
  }

  // Out of memory, a quota, a second client with the same id: it always ends there.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7})
  void brokerThatTakesSoManyMessagesInEachConnectionCostsNone(int most) throws Exception {
    append(60);
    connectAll((topic, size, before) -> before < most);
    assertNothingIsCondemned(60);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  void brokerThatServesOneConnectionInSoManyCostsNoMessage(int of) throws Exception {
    append(60);
    connectAll((topic, size, before) -> cuts % of == of - 1 && before < 4);
    assertNothingIsCondemned(60);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10})
  void brokerThatDiesAtEachSoManiethMessageOfAllCostsNone(int nth) throws Exception {
    AtomicInteger received = new AtomicInteger();
    append(60);
    connectAll((topic, size, before) -> received.incrementAndGet() % nth != 0);
    assertNothingIsCondemned(60);
  }

  // Chance can look like anything; that it does is to be rarer than the fault that it looks like.
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 0.4, 0.6})
  void brokerThatDiesByChanceCostsNextToNoMessage(double often) throws Exception {
    SplittableRandom random = new SplittableRandom(42);
    append(300);
    for (int i = 0; i < 5_000 && spool.stats().entries() > 0; i++) {
      connect((topic, size, before) -> random.nextDouble() >= often);
    }
    assertThat(spool.stats().entries()).isZero();
    assertThat(spool.quarantined()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void whatFindsTheQuarantineFullIsDroppedAndCountedAndTold() throws Exception {
    spool.quarantineHolds(0);
    send("denied");
    append(6);
    connectAll(denies("denied"));
    assertThat(counters.lost()).isEqualTo(1);
    assertThat(counters.quarantined()).isZero();
    assertThat(told).singleElement().asString().contains("is dropped, as the quarantine is full");
  }
}
