package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.api.uplink.SpoolSettings.LaneSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a spool brings to disk, and what it does when the disk is not as it should be. */
@Timeout(30)
class SpoolDiskTest extends SpoolFixture {
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
    // 256 KB do not wait: the first 250 or more of these.
    long last = 0;
    for (int i = 0; i < 270; i++) {
      last = append(Lane.BULK, 1000);
    }
    start = System.nanoTime();
    assertThat(spool.awaitDurable(Lane.BULK, last - 20, Duration.ofSeconds(5))).isTrue();
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
}
