package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Delivery;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.mqtt.internal.encoding.ClockSteps;
import io.snaprail.mqtt.internal.encoding.Encodings;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.support.FakeLink;
import io.snaprail.mqtt.support.FakeSpool;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PumpTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static final Fault LOST = new Fault(Fault.Kind.NETWORK, "lost");

  private final List<String> told = new ArrayList<>();
  private final FakeSpool spool = new FakeSpool(1 << 20);
  private final Counters counters = new Counters();
  private final AtomicLong time = new AtomicLong();
  private Pump pump = pump(Delivery.UNSHAPED);
  private final FakeLink link = new FakeLink();

  private Pump pump(Delivery delivery) {
    return pump(delivery, Encodings.of(Payload.DEFAULT, Map.of()));
  }

  private Pump pump(Delivery delivery, TelemetryEncoding encoding) {
    Pipeline.Time clocks =
        new Pipeline.Time(Clock.fixed(NOW, ZoneOffset.UTC), time::get, new SplittableRandom(1));
    return new Pump(
        new Queue(spool, new ClockSteps(true)),
        encoding,
        clocks,
        delivery,
        new Pump.Told(counters, (topic, words) -> told.add(topic + ":" + words)));
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      spool.append(Lane.NORMAL, "t" + i, new byte[] {1});
    }
  }

  private void steps(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      pump.step();
    }
  }

  @Test
  void entryLeavesTheSpoolOnlyWhenItIsAcknowledged() throws Exception {
    append(3);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(4);
    assertThat(link.topics).containsExactly("t0", "t1", "t2");
    assertThat(spool.stats().entries()).isEqualTo(3);
    link.receipts.get(0).done(null);
    link.receipts.get(1).done(new IllegalStateException("lost"));
    steps(1);
    assertThat(spool.stats().entries()).isEqualTo(2);
    assertThat(counters.acknowledged()).isEqualTo(1);
    assertThat(counters.lastAcknowledged()).isEqualTo(NOW);
    assertThat(pump.idle()).isFalse();
  }

  @Test
  void newConnectionSendsEverythingAgainInOrderThatIsNotAcknowledged() throws Exception {
    append(4);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(4);
    link.receipts.get(0).done(null);
    pump.end(LOST);
    link.topics.clear();
    pump.begin(link, new InFlight(System::nanoTime));
    steps(4);
    assertThat(link.topics).containsExactly("t1", "t2", "t3");
  }

  // AWS IoT Core takes 100 unacknowledged; 20 of them are the session's.
  @Test
  void noMoreThanTheWindowIsInFlight() throws Exception {
    append(100);
    InFlight inFlight = new InFlight(System::nanoTime);
    pump.begin(link, inFlight);
    steps(82);
    assertThat(link.topics).hasSize(80);
    assertThat(inFlight.outstanding()).isEqualTo(80);
    link.receipts.get(0).done(null);
    steps(1);
    assertThat(link.topics).hasSize(81);
  }

  @Test
  void entryThatTheClientRefusesForEverDoesNotBlockTheOthers() throws Exception {
    spool.append(Lane.NORMAL, "poison", new byte[0]);
    append(1);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(2);
    assertThat(link.topics).containsExactly("t0");
    assertThat(counters.rejected()).isEqualTo(1);
    assertThat(spool.quarantined()).singleElement().matches(q -> q.reason().contains("on purpose"));
    assertThat(spool.stats().entries()).isEqualTo(1);
  }

  @Test
  void lateAnswerOfAnEarlierConnectionHarmsNothing() throws Exception {
    append(2);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(2);
    pump.end(LOST);
    pump.begin(link, new InFlight(System::nanoTime));
    link.receipts.get(0).done(null);
    steps(2);
    assertThat(link.topics).containsExactly("t0", "t1", "t0", "t1");
    assertThat(spool.stats().entries()).isEqualTo(2);
  }

  /** As Sparkplug does: births first, then numbered data, all with QoS 0. */
  private static final class Births implements TelemetryEncoding {
    int births;
    int number;
    boolean ready = true;

    @Override
    public void encode(Cycles cycles, Output output) {}

    @Override
    public void begin() {
      births = 2;
      number = 0;
    }

    @Override
    public TelemetryMessage due() {
      return births-- > 0 ? message("birth") : null;
    }

    @Override
    public boolean ready() {
      return ready;
    }

    @Override
    public List<TelemetryMessage> send(String topic, byte[] payload, boolean replayed) {
      if (topic.equals("old")) {
        throw new IllegalArgumentException("of another encoding");
      }
      return List.of(message("device"), message(replayed ? "history" : topic));
    }

    private TelemetryMessage message(String topic) {
      return new TelemetryMessage(topic + number++, new byte[] {1}, 0, false);
    }
  }

  @Test
  void encodingPutsWhatIsDueFirstAndNumbersWhatGoesInTheOrderOfTheWire() throws Exception {
    pump = pump(Delivery.UNSHAPED, new Births());
    append(2);
    for (int connection = 0; connection < 2; connection++) {
      link.topics.clear();
      pump.begin(link, new InFlight(System::nanoTime));
      steps(5);
      assertThat(link.topics)
          .containsExactly("birth0", "birth1", "device2", "t03", "device4", "t15");
      pump.end(LOST);
    }
    assertThat(link.qualities).containsOnly(0);
  }

  @Test
  void entryOfSeveralMessagesLeavesWhenAllOfThemAreAnswered() throws Exception {
    pump = pump(Delivery.UNSHAPED, new Births());
    append(1);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(3);
    link.receipts.get(3).done(null);
    steps(1);
    assertThat(spool.stats().entries()).isEqualTo(1);
    link.receipts.get(2).done(null);
    steps(1);
    assertThat(spool.stats().entries()).isZero();
    assertThat(counters.acknowledged()).isEqualTo(1);
    assertThat(pump.idle()).isFalse();
    link.receipts.get(0).done(null);
    link.receipts.get(1).done(null);
    steps(1);
    assertThat(pump.idle()).isTrue();
  }

  @Test
  void whatWaitsGoesWhenTheEncodingIsReady() throws Exception {
    Births births = new Births();
    births.ready = false;
    pump = pump(Delivery.UNSHAPED, births);
    append(1);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(4);
    assertThat(link.topics).containsExactly("birth0", "birth1");
    births.ready = true;
    steps(1);
    assertThat(link.topics).hasSize(4);
  }

  @Test
  void entryThatTheEncodingDoesNotTakeGoesIntoQuarantineAndCostsNoRoom() throws Exception {
    pump = pump(Delivery.UNSHAPED, new Births());
    for (int i = 0; i < 100; i++) {
      spool.append(Lane.NORMAL, "old", new byte[] {1});
    }
    append(1);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(103);
    assertThat(link.topics).hasSize(4);
    assertThat(spool.quarantined()).hasSize(100);
    assertThat(spool.quarantined().get(0).reason())
        .isEqualTo("a message to topic 'old' cannot be sent: of another encoding");
  }

  private void acknowledgeAll() {
    link.receipts.forEach(receipt -> receipt.done(null));
    link.receipts.clear();
  }

  @Test
  void whatComesWhileNothingCanBeSentIsBacklogUnlessTheOrderIsToBeKept() {
    assertThat(pump.lane()).isEqualTo(Lane.BULK);
    pump.begin(link, new InFlight(System::nanoTime));
    assertThat(pump.lane()).isEqualTo(Lane.NORMAL);
    pump.end(LOST);
    assertThat(pump.lane()).isEqualTo(Lane.BULK);
    assertThat(pump(new Delivery(Delivery.IN_ORDER, 20, 0, 0, false)).lane())
        .isEqualTo(Lane.NORMAL);
  }

  @Test
  void whatIsNewGoesFirstAndTheBacklogHasItsShareInOrderAndIsMarked() throws Exception {
    for (int i = 0; i < 20; i++) {
      spool.append(Lane.BULK, "old" + i, "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
      spool.append(Lane.NORMAL, "new" + i, "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    }
    pump.begin(link, new InFlight(System::nanoTime));
    steps(40);
    List<String> old = link.topics.stream().filter(topic -> topic.startsWith("old")).toList();
    assertThat(link.topics.subList(0, 20)).filteredOn(old::contains).hasSize(4);
    assertThat(old)
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "old" + i).toList());
    int first = link.topics.indexOf("old0");
    assertThat(new String(link.payloads.get(first), StandardCharsets.UTF_8))
        .isEqualTo("{\"replayed\":true,\"a\":1}");
    first = link.topics.indexOf("new0");
    assertThat(new String(link.payloads.get(first), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
  }

  // AWS IoT Core discards what is above 100 messages a second, and delays above 512 KiB.
  @Test
  void noMoreThanTheRateIsSent() throws Exception {
    pump = pump(new Delivery(Delivery.AFTER, 20, 50, 0, false));
    append(200);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(60);
    assertThat(link.topics).hasSize(50);
    for (int i = 0; i < 10; i++) {
      acknowledgeAll();
      time.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      steps(6);
    }
    assertThat(link.topics.size()).isBetween(99, 101);
  }

  @Test
  void bytesAreCountedAfterwardsSoThatALargeMessageGoesToo() throws Exception {
    pump = pump(new Delivery(Delivery.AFTER, 20, 0, 1000, false));
    spool.append(Lane.NORMAL, "t", new byte[2998]);
    append(1);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(2);
    assertThat(link.topics).containsExactly("t");
    time.addAndGet(TimeUnit.MILLISECONDS.toNanos(1900));
    steps(1);
    assertThat(link.topics).hasSize(1);
    time.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
    steps(1);
    assertThat(link.topics).hasSize(2);
  }

  @Test
  void payloadsAreCompressedWhenAskedFor() throws Exception {
    pump = pump(new Delivery(Delivery.AFTER, 20, 0, 0, true));
    byte[] payload = "{\"a\":1}".repeat(100).getBytes(StandardCharsets.UTF_8);
    spool.append(Lane.NORMAL, "t", payload);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(1);
    byte[] sent = link.payloads.get(0);
    assertThat(sent.length).isLessThan(payload.length / 5);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes())
        .isEqualTo(payload);
  }
}
