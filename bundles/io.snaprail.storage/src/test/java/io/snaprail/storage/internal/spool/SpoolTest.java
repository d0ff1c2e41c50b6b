package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.Spool.Stats;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.api.uplink.SpoolSettings.LaneSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpoolTest {
  private static final long CAPACITY = 65_536;

  private final SpoolRig rig = new SpoolRig();
  private final MemoryVolume volume = new MemoryVolume();
  private Spool spool = rig.open(volume, SpoolRig.memory(CAPACITY));

  @AfterEach
  void close() {
    spool.close();
  }

  private void reopen(SpoolSettings settings) {
    spool.close();
    spool = rig.open(volume, settings);
  }

  private long append(Lane lane, int size) {
    return spool.append(lane, "t", new byte[size - 1]);
  }

  private List<Long> readAll() throws InterruptedException {
    return SpoolRig.readAll(spool).stream().map(Entry::id).toList();
  }

  private @Nullable Entry next() throws InterruptedException {
    // Opening goes on beside us.
    if (!SpoolRig.opened(spool)) {
      await().until(() -> SpoolRig.opened(spool));
    }
    return spool.next(Duration.ZERO);
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
  void memoryLanesLeaveNothingOnDisk() {
    append(Lane.ALARM, 1000);
    spool.close();
    assertThat(volume.contents()).isEmpty();
  }

  @Test
  void whatWaitsIsThereAfterAnOrderlyRestartInEveryLaneThatIsKept() throws Exception {
    reopen(SpoolRig.settings(CAPACITY, Eviction.DROP_OLDEST, Durability.SPILL));
    spool.reachable(true);
    long bulk = append(Lane.BULK, 10);
    long normal = append(Lane.NORMAL, 10);
    assertThat(readAll()).containsExactly(normal, bulk);
    spool.acknowledge(normal);
    assertThat(spool.durable(Lane.BULK)).isEqualTo(bulk - 1);
    reopen(SpoolRig.always(CAPACITY));
    List<Entry> found = SpoolRig.readAll(spool);
    assertThat(found).singleElement().matches(e -> e.id() == bulk && e.replayed());
    assertThat(append(Lane.BULK, 10)).isGreaterThan(normal);
  }

  @Test
  void whatIsAcknowledgedSoonNeverTouchesTheDisk() throws Exception {
    reopen(SpoolRig.settings(1 << 20, Eviction.DROP_OLDEST, Durability.SPILL));
    spool.reachable(true);
    await().until(() -> SpoolRig.opened(spool));
    for (int i = 0; i < 2000; i++) {
      append(Lane.NORMAL, 1000);
      spool.acknowledge(next().id());
    }
    assertThat(volume.contents().keySet()).noneMatch(file -> file.endsWith(".log"));
  }

  @Test
  void aSpillingLaneGoesToDiskWhenTheFarSideIsAwayOrTooSlow() throws Exception {
    SpoolSettings spill = SpoolRig.settings(1 << 20, Eviction.DROP_OLDEST, Durability.SPILL);
    reopen(new SpoolSettings(spill.lanes(), 1 << 20, Duration.ofMillis(300)));
    spool.reachable(true);
    long slow = append(Lane.NORMAL, 1000);
    assertThat(spool.awaitDurable(Lane.NORMAL, slow, Duration.ofSeconds(5))).isTrue();
    spool.acknowledge(slow);
    spool.reachable(false);
    long away = append(Lane.NORMAL, 1000);
    assertThat(spool.awaitDurable(Lane.NORMAL, away, Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void anAlarmIsOnDiskAtOnceAndTelemetryWithinASecond() throws Exception {
    reopen(SpoolRig.always(1 << 20));
    await().until(() -> SpoolRig.opened(spool));
    long start = System.nanoTime();
    long normal = append(Lane.NORMAL, 100);
    long alarm = append(Lane.ALARM, 100);
    assertThat(spool.awaitDurable(Lane.ALARM, alarm, Duration.ofSeconds(5))).isTrue();
    assertThat(spool.durable(Lane.NORMAL)).isLessThan(normal);
    assertThat(spool.awaitDurable(Lane.NORMAL, normal, Duration.ofSeconds(5))).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
    // 256 KB do not wait.
    long last = 0;
    for (int i = 0; i < 270; i++) {
      last = append(Lane.BULK, 1000);
    }
    start = System.nanoTime();
    assertThat(spool.awaitDurable(Lane.BULK, last - 10, Duration.ofSeconds(5))).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
  }

  @Test
  void aLaneFarLargerThanMemoryComesBackInOrderAndGivesTheDiskBack() throws Exception {
    SpoolSettings settings = SpoolRig.settings(64 << 20, Eviction.REFUSE_NEWEST, Durability.ALWAYS);
    reopen(SpoolRig.withMemory(settings, 1 << 20));
    int count = 20_000;
    List<Long> sent = new ArrayList<>();
    while (sent.size() < count) {
      long id = spool.append(Lane.NORMAL, "t", SpoolRig.payload(sent.size(), 1000));
      if (id > 0) {
        sent.add(id);
      } else {
        // Full of what is on its way to the disk.
        spool.awaitDurable(Lane.NORMAL, sent.get(sent.size() - 1), Duration.ofSeconds(5));
      }
    }
    assertThat(spool.stats(Lane.NORMAL).entries()).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      Entry entry = spool.next(Duration.ofSeconds(5));
      assertThat(entry.id()).isEqualTo(sent.get(i));
      assertThat(SpoolRig.number(entry)).isEqualTo(i);
      assertThat(entry.replayed()).isFalse();
      if (i == 50) {
        spool.rewind();
        for (int j = 0; j < 10; j++) {
          assertThat(spool.next(Duration.ofSeconds(5)).replayed()).isTrue();
        }
        spool.rewind();
        i = -1;
        while (++i <= 50) {
          assertThat(spool.next(Duration.ofSeconds(5)).id()).isEqualTo(sent.get(i));
        }
        i = 50;
      }
    }
    sent.forEach(spool::acknowledge);
    assertThat(spool.stats().entries()).isZero();
    await()
        .untilAsserted(
            () -> {
              long bytes = volume.contents().values().stream().mapToLong(b -> b.length).sum();
              assertThat(bytes).isLessThan(2 * 65_536 + 2 * Cursor.SLOT_BYTES + 1);
            });
  }

  @Test
  void whatIsTooOldIsGivenUpUnlessItsClockWasNotRight() throws Exception {
    LaneSettings hour =
        new LaneSettings(CAPACITY, Duration.ofHours(1), 0, Eviction.DROP_OLDEST, Durability.ALWAYS);
    AtomicLong time = new AtomicLong();
    rig.nanoTime = () -> System.nanoTime() + time.get();
    reopen(SpoolSettings.uniform(hour));
    rig.now.set(Instant.parse("1970-01-01T00:01:00Z"));
    long unset = append(Lane.BULK, 10);
    rig.now.set(SpoolRig.NOW);
    append(Lane.NORMAL, 10);
    rig.now.set(SpoolRig.NOW.plusSeconds(3601));
    time.set(TimeUnit.SECONDS.toNanos(11));
    spool.reachable(true);
    await().until(() -> spool.stats(Lane.NORMAL).entries() == 0);
    assertThat(readAll()).containsExactly(unset);
    assertThat(spool.stats(Lane.NORMAL).dropped()).isEqualTo(1);
    assertThat(rig.board.text()).contains("lane normal loses messages", "the oldest make room");
  }

  @Test
  void aDiskThatFailsIsToldAndTheLaneGoesOnInMemoryAndRecovers() throws Exception {
    AtomicLong time = new AtomicLong();
    rig.nanoTime = () -> System.nanoTime() + time.get();
    reopen(SpoolRig.always(1 << 20));
    await().until(() -> SpoolRig.opened(spool));
    long before = append(Lane.ALARM, 100);
    assertThat(spool.awaitDurable(Lane.ALARM, before, Duration.ofSeconds(5))).isTrue();
    volume.breakDown(true);
    long during = append(Lane.ALARM, 100);
    await()
        .untilAsserted(
            () ->
                assertThat(rig.board.text())
                    .contains(
                        "lane alarm: memory cannot be written: Input/output error",
                        "wait in memory and are lost when the gateway stops"));
    assertThat(spool.durable(Lane.ALARM)).isEqualTo(before);
    assertThat(readAll()).containsExactly(before, during);
    volume.breakDown(false);
    time.set(TimeUnit.SECONDS.toNanos(60));
    spool.reachable(true);
    assertThat(spool.awaitDurable(Lane.ALARM, during, Duration.ofSeconds(5))).isTrue();
    await().untilAsserted(() -> assertThat(rig.board.text()).isEmpty());
    List<Entry> found = new ArrayList<>();
    Spool other = rig.open(volume.afterPowerCut(3), SpoolRig.always(1 << 20));
    found.addAll(SpoolRig.readAll(other));
    other.close();
    assertThat(found.stream().map(Entry::id)).containsExactly(before, during);
  }

  @Test
  void aDiskThatIsNotThereAtTheStartIsToldAndUsedWhenItComes() throws Exception {
    AtomicLong time = new AtomicLong();
    rig.nanoTime = () -> System.nanoTime() + time.get();
    spool.close();
    volume.breakDown(true);
    spool = rig.open(volume, SpoolRig.always(1 << 20));
    long id = append(Lane.ALARM, 100);
    await().untilAsserted(() -> assertThat(rig.board.text()).contains("cannot be used"));
    assertThat(readAll()).containsExactly(id);
    volume.breakDown(false);
    time.set(TimeUnit.SECONDS.toNanos(60));
    spool.reachable(true);
    assertThat(spool.awaitDurable(Lane.ALARM, id, Duration.ofSeconds(5))).isTrue();
    await().untilAsserted(() -> assertThat(rig.board.text()).isEmpty());
  }

  @Test
  void aFullDiskIsDrainedAndUsedAgainWhenThereIsRoom() throws Exception {
    AtomicLong time = new AtomicLong();
    rig.nanoTime = () -> System.nanoTime() + time.get();
    volume.capacity(400_000);
    SpoolSettings refuse = SpoolRig.settings(1 << 20, Eviction.REFUSE_NEWEST, Durability.ALWAYS);
    reopen(SpoolRig.withMemory(refuse, 65_536));
    List<Long> taken = new ArrayList<>();
    long id = 0;
    while (id >= 0) {
      id = append(Lane.ALARM, 5_000);
      if (id >= 0) {
        taken.add(id);
        spool.awaitDurable(Lane.ALARM, id, Duration.ofMillis(50));
      }
    }
    assertThat(taken).hasSizeGreaterThan(60);
    assertThat(rig.board.text()).containsAnyOf("No space left", "bytes of free disk");
    long safe = spool.durable(Lane.ALARM);
    // Draining works while it is full: everything is read in order, and what goes gives room.
    for (long expected : taken) {
      Entry entry = spool.next(Duration.ofSeconds(5));
      assertThat(entry.id()).isEqualTo(expected);
      spool.acknowledge(expected);
    }
    assertThat(safe).isLessThan(taken.get(taken.size() - 1));
    time.set(TimeUnit.SECONDS.toNanos(60));
    long after = append(Lane.ALARM, 5_000);
    assertThat(spool.awaitDurable(Lane.ALARM, after, Duration.ofSeconds(5))).isTrue();
    assertThat(readAll()).containsExactly(after);
  }

  @Test
  void onADiskThatIsToStayFreeTheOldestFilesMakeRoom() throws Exception {
    LaneSettings lane =
        new LaneSettings(1 << 20, Duration.ZERO, 200_000, Eviction.DROP_OLDEST, Durability.ALWAYS);
    volume.capacity(600_000);
    reopen(SpoolRig.withMemory(SpoolSettings.uniform(lane), 65_536));
    long last = 0;
    for (int i = 0; i < 200; i++) {
      last = append(Lane.ALARM, 5_000);
      assertThat(spool.awaitDurable(Lane.ALARM, last, Duration.ofSeconds(5))).isTrue();
      assertThat(volume.free()).isGreaterThanOrEqualTo(190_000);
    }
    List<Long> found = readAll();
    assertThat(found).hasSizeBetween(30, 100).isSorted().endsWith(last);
  }

  @Test
  void aFullQuarantineTakesNoMore() throws Exception {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i <= Quarantine.MAX_ENTRIES; i++) {
      ids.add(append(Lane.NORMAL, 10));
    }
    readAll();
    for (int i = 0; i < Quarantine.MAX_ENTRIES; i++) {
      assertThat(spool.quarantine(ids.get(i), "x".repeat(10_000))).isTrue();
    }
    assertThat(spool.quarantine(ids.get(Quarantine.MAX_ENTRIES), "x")).isFalse();
    assertThat(spool.stats().entries()).isEqualTo(1);
    assertThat(spool.quarantined().get(0).reason()).hasSize(500);
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
