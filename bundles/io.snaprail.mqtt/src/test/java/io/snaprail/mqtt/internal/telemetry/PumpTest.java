package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.support.FakeSpool;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PumpTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final FakeSpool spool = new FakeSpool(1 << 20);
  private final Counters counters = new Counters();
  private final Pump pump = new Pump(spool, counters, Clock.fixed(NOW, ZoneOffset.UTC));
  private final FakeLink link = new FakeLink();

  /** Keeps what is published until the test acknowledges it. */
  private static final class FakeLink implements Link {
    final List<String> topics = new ArrayList<>();
    final List<Receipt> receipts = new ArrayList<>();

    @Override
    public void publish(String topic, byte[] payload, int qos, boolean retained, Receipt receipt) {
      if (topic.equals("poison")) {
        throw new IllegalArgumentException("on purpose");
      }
      assertThat(qos).isEqualTo(1);
      topics.add(topic);
      receipts.add(receipt);
    }

    @Override
    public void subscribe(List<String> filters, SubscribeReceipt receipt) {}

    @Override
    public void unsubscribe(List<String> filters) {}

    @Override
    public Fault lost() {
      return null;
    }

    @Override
    public void close(boolean orderly) {}
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
    pump.end();
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
    assertThat(spool.stats().entries()).isEqualTo(1);
  }

  @Test
  void lateAnswerOfAnEarlierConnectionHarmsNothing() throws Exception {
    append(2);
    pump.begin(link, new InFlight(System::nanoTime));
    steps(2);
    pump.end();
    pump.begin(link, new InFlight(System::nanoTime));
    link.receipts.get(0).done(null);
    steps(2);
    assertThat(link.topics).containsExactly("t0", "t1", "t0", "t1");
    assertThat(spool.stats().entries()).isEqualTo(2);
  }
}
