package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.Spool.Stats;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpoolTest extends SpoolFixture {
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
    assertThat(next()).isEqualTo(new Entry(id, Lane.ALARM, "a/b", payload, SpoolRig.NOW, false));
    assertThat(spool.stats()).isEqualTo(new Stats(1, 5, 3 * CAPACITY, 0));
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
    assertThat(spool.stats()).isEqualTo(new Stats(1, 10, 3 * CAPACITY, 0));
  }

  @Test
  void afterARewindEverythingUnacknowledgedComesAgainMarkedReplayed() throws Exception {
    append(Lane.NORMAL, 10);
    next();
    append(Lane.NORMAL, 10);
    spool.rewind();
    assertThat(next().replayed()).isTrue();
    assertThat(next().replayed()).isFalse();
    assertThat(next()).isNull();
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
  void whenFullTheOldestOfTheLaneMakeRoomAndOtherLanesAreUntouched() throws Exception {
    long alarm = append(Lane.ALARM, 60_000);
    long first = append(Lane.NORMAL, 30_000);
    long second = append(Lane.NORMAL, 30_000);
    long third = append(Lane.NORMAL, 30_000);
    assertThat(readAll()).containsExactly(alarm, second, third).doesNotContain(first);
    assertThat(spool.stats(Lane.NORMAL)).isEqualTo(new Stats(2, 60_000, CAPACITY, 1));
    assertThat(spool.stats(Lane.ALARM)).isEqualTo(new Stats(1, 60_000, CAPACITY, 0));
  }

  @Test
  void aLaneThatRefusesTheNewestKeepsWhatItHas() throws Exception {
    reopen(SpoolRig.settings(CAPACITY, Eviction.REFUSE_NEWEST, Durability.MEMORY));
    long first = append(Lane.NORMAL, 40_000);
    assertThat(append(Lane.NORMAL, 40_000)).isEqualTo(-1);
    assertThat(append(Lane.BULK, 40_000)).isPositive();
    spool.acknowledge(first);
    assertThat(append(Lane.NORMAL, 40_000)).isPositive();
    assertThat(spool.stats(Lane.NORMAL).dropped()).isEqualTo(1);
    assertThat(readAll()).hasSize(2);
  }

  @Test
  void whatIsInFlightIsGivenUpLast() throws Exception {
    long inFlight = append(Lane.NORMAL, 30_000);
    next();
    append(Lane.NORMAL, 30_000);
    long third = append(Lane.NORMAL, 30_000);
    spool.rewind();
    assertThat(readAll()).containsExactly(inFlight, third);
  }

  @Test
  void whenAllIsInFlightTheFirstSentIsGivenUp() throws Exception {
    append(Lane.NORMAL, 30_000);
    long second = append(Lane.NORMAL, 30_000);
    readAll();
    long third = append(Lane.NORMAL, 30_000);
    spool.rewind();
    assertThat(readAll()).containsExactly(second, third);
  }

  @Test
  void anEntryLargerThanTheLaneIsNotTakenAndNothingMakesRoomForIt() {
    long small = append(Lane.ALARM, 100);
    assertThat(append(Lane.ALARM, (int) CAPACITY + 1)).isEqualTo(-1);
    assertThat(spool.stats(Lane.ALARM).entries()).isEqualTo(1);
    assertThat(append(Lane.ALARM, (int) CAPACITY)).isGreaterThan(small);
    assertThatThrownBy(() -> spool.append(Lane.ALARM, "x".repeat(65_536), new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65535");
  }

  @Test
  void lanesAreReadInTheOrderThatTheReaderWants() throws Exception {
    long normal = append(Lane.NORMAL, 10);
    long bulk = append(Lane.BULK, 10);
    append(Lane.ALARM, 10);
    next();
    List<Lane> order = List.of(Lane.BULK, Lane.NORMAL);
    assertThat(spool.next(order, Duration.ZERO).id()).isEqualTo(bulk);
    assertThat(spool.next(List.of(Lane.BULK), Duration.ZERO)).isNull();
    assertThat(spool.next(order, Duration.ZERO).id()).isEqualTo(normal);
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
    SpoolsComponent factory = rig.factory(volume);
    Spool first = factory.open("x", SpoolRig.memory(CAPACITY));
    assertThatThrownBy(() -> factory.open("x", SpoolRig.memory(CAPACITY)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'x' is open already");
    first.close();
    first.close();
    factory.open("x", SpoolRig.memory(CAPACITY)).close();
    assertThatThrownBy(() -> SpoolRig.memory(65_535)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyNameIsAFolder() {
    assertThat(SpoolsComponent.fileName("plant-7_a")).isEqualTo("plant-7_a");
    assertThat(SpoolsComponent.fileName("../ä")).isEqualTo("%2E%2E%2F%C3%A4");
  }

  /** Four writers, one reader that acknowledges all but rewinds now and then. */
  @Test
  void nothingIsLostOrDoubledUnderConcurrency() throws Exception {
    Spool large = rig.open(new MemoryVolume(), SpoolRig.always(100_000_000));
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
    assertThat(large.stats()).isEqualTo(new Stats(0, 0, 300_000_000, 0));
    large.close();
  }
}
