package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.Spool.Stats;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemorySpoolTest {
  private static final long CAPACITY = 65_536;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final MemorySpoolFactory factory =
      new MemorySpoolFactory(Clock.fixed(NOW, ZoneOffset.UTC));
  private final Spool spool = factory.open("up", CAPACITY);

  private long append(Lane lane, int size) {
    return spool.append(lane, "t", new byte[size - 1]);
  }

  private List<Long> readAll() throws InterruptedException {
    List<Long> ids = new ArrayList<>();
    for (Entry e = spool.next(Duration.ZERO); e != null; e = spool.next(Duration.ZERO)) {
      ids.add(e.id());
    }
    return ids;
  }

  @Test
  void urgentLanesAreReadFirstAndEachInTheOrderOfItsIds() throws Exception {
    long bulk = append(Lane.BULK, 10);
    long normal1 = append(Lane.NORMAL, 10);
    long normal2 = append(Lane.NORMAL, 10);
    long alarm = append(Lane.ALARM, 10);
    assertThat(bulk).isLessThan(normal1);
    assertThat(readAll()).containsExactly(alarm, normal1, normal2, bulk);
  }

  @Test
  void anEntryCarriesWhatWasAppended() throws Exception {
    byte[] payload = {1, 2};
    long id = spool.append(Lane.ALARM, "a/b", payload);
    assertThat(spool.next(Duration.ZERO))
        .isEqualTo(new Entry(id, Lane.ALARM, "a/b", payload, NOW, false));
    assertThat(spool.stats()).isEqualTo(new Stats(1, 5, CAPACITY, 0));
  }

  @Test
  void anAcknowledgedEntryIsGoneForGood() throws Exception {
    long first = append(Lane.NORMAL, 10);
    long second = append(Lane.NORMAL, 10);
    readAll();
    spool.acknowledge(first);
    spool.acknowledge(first);
    spool.acknowledge(999);
    spool.rewind();
    assertThat(readAll()).containsExactly(second);
    assertThat(spool.stats()).isEqualTo(new Stats(1, 10, CAPACITY, 0));
  }

  @Test
  void afterARewindEverythingUnacknowledgedComesAgainMarkedReplayed() throws Exception {
    append(Lane.NORMAL, 10);
    spool.next(Duration.ZERO);
    append(Lane.NORMAL, 10);
    spool.rewind();
    assertThat(spool.next(Duration.ZERO).replayed()).isTrue();
    assertThat(spool.next(Duration.ZERO).replayed()).isFalse();
    assertThat(spool.next(Duration.ZERO)).isNull();
  }

  @Test
  void anEntryThatIsAcknowledgedBeforeItIsReadAgainIsNotReadAgain() throws Exception {
    long first = append(Lane.NORMAL, 10);
    long second = append(Lane.NORMAL, 10);
    readAll();
    spool.rewind();
    spool.acknowledge(first);
    assertThat(readAll()).containsExactly(second);
  }

  @Test
  void whenFullTheOldestOfTheLeastUrgentLaneIsGivenUpAndCounted() throws Exception {
    append(Lane.ALARM, 20_000);
    append(Lane.NORMAL, 20_000);
    long bulk1 = append(Lane.BULK, 10_000);
    long bulk2 = append(Lane.BULK, 10_000);
    long normal = append(Lane.NORMAL, 10_000);
    assertThat(readAll()).doesNotContain(bulk1).contains(bulk2, normal);
    assertThat(spool.stats()).isEqualTo(new Stats(4, 60_000, CAPACITY, 1));
  }

  @Test
  void anAlarmDrivesOutTelemetryButNeverTheReverse() throws Exception {
    long alarm = append(Lane.ALARM, 40_000);
    append(Lane.NORMAL, 20_000);
    assertThat(append(Lane.NORMAL, 30_000)).isEqualTo(-1);
    assertThat(append(Lane.BULK, 10_000)).isEqualTo(-1);
    assertThat(spool.stats()).isEqualTo(new Stats(2, 60_000, CAPACITY, 2));
    long second = append(Lane.ALARM, 20_000);
    assertThat(readAll()).containsExactly(alarm, second);
    assertThat(spool.stats().dropped()).isEqualTo(3);
  }

  @Test
  void whatIsInFlightIsGivenUpLast() throws Exception {
    long inFlight = append(Lane.NORMAL, 30_000);
    spool.next(Duration.ZERO);
    append(Lane.NORMAL, 30_000);
    long third = append(Lane.NORMAL, 30_000);
    spool.rewind();
    assertThat(readAll()).containsExactly(inFlight, third);
  }

  @Test
  void anEntryLargerThanTheSpoolIsNotTaken() {
    assertThat(append(Lane.ALARM, (int) CAPACITY + 1)).isEqualTo(-1);
    assertThat(append(Lane.ALARM, (int) CAPACITY)).isPositive();
  }

  @Test
  void aReaderWaitsForTheNextEntry() throws Exception {
    CompletableFuture<Entry> next = new CompletableFuture<>();
    Thread reader = reader(next);
    reader.start();
    while (reader.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    long id = append(Lane.NORMAL, 10);
    assertThat(next.get(5, TimeUnit.SECONDS).id()).isEqualTo(id);
  }

  @Test
  void closingWakesTheReaderAndTakesNothingMore() throws Exception {
    CompletableFuture<Entry> next = new CompletableFuture<>();
    Thread reader = reader(next);
    reader.start();
    while (reader.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    spool.close();
    assertThat(next.get(5, TimeUnit.SECONDS)).isNull();
    assertThat(append(Lane.NORMAL, 10)).isEqualTo(-1);
  }

  private Thread reader(CompletableFuture<Entry> next) {
    return new Thread(
        () -> {
          try {
            next.complete(spool.next(Duration.ofMinutes(1)));
          } catch (InterruptedException e) {
            next.completeExceptionally(e);
          }
        });
  }

  @Test
  void aWaitEndsInTime() throws Exception {
    assertThat(spool.next(Duration.ofMillis(1))).isNull();
  }

  @Test
  void aNameIsOpenOnceAndFreeAfterClosing() {
    assertThatThrownBy(() -> factory.open("up", CAPACITY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'up' is open already");
    spool.close();
    spool.close();
    factory.open("up", CAPACITY).close();
    assertThatThrownBy(() -> factory.open("small", 65_535))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Four writers, one reader that acknowledges all but rewinds now and then. */
  @Test
  void nothingIsLostOrDoubledUnderConcurrency() throws Exception {
    Spool large = factory.open("large", 100_000_000);
    int each = 20_000;
    AtomicLong taken = new AtomicLong();
    List<Thread> writers = new ArrayList<>();
    for (Lane lane : List.of(Lane.ALARM, Lane.NORMAL, Lane.NORMAL, Lane.BULK)) {
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  taken.addAndGet(large.append(lane, "t", new byte[8]) > 0 ? 1 : 0);
                }
              });
      writers.add(writer);
      writer.start();
    }
    Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    long reads = 0;
    while (acknowledged.size() < 4 * each) {
      Entry entry = large.next(Duration.ofSeconds(10));
      assertThat(entry).isNotNull();
      if (++reads % 1000 == 0) {
        large.rewind();
      } else {
        assertThat(acknowledged.add(entry.id())).isTrue();
        large.acknowledge(entry.id());
      }
    }
    for (Thread writer : writers) {
      writer.join(10_000);
    }
    assertThat(taken.get()).isEqualTo(4L * each);
    assertThat(large.stats()).isEqualTo(new Stats(0, 0, 100_000_000, 0));
  }
}
