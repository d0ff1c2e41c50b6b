package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every operation on the disk cut or failed once, in a run that appends, reads, acknowledges and
 * deletes: what was told to be durable is there afterwards, in order, and nothing else.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PowerCutTest {
  private static final int MESSAGES = 60;
  private static final int SIZE = 3_000;

  /** What a run knows at its end. */
  private static final class Run {
    final Map<Long, Long> appended = new LinkedHashMap<>();
    final Set<Long> durable = new HashSet<>();
    final Set<Long> acknowledged = new HashSet<>();
    final Set<Long> quarantined = new HashSet<>();

    void go(Spool spool, MemoryVolume volume) throws InterruptedException {
      for (int i = 0; i < MESSAGES && !volume.isCut(); i++) {
        // Several in a batch now and then.
        for (int j = 0; j <= i % 3; j++) {
          long number = i * 10L + j;
          long id = spool.append(Lane.ALARM, "t", SpoolRig.payload(number, SIZE));
          assertThat(id).isPositive();
          appended.put(id, number);
        }
        awaitDurable(spool, volume);
        if (i % 3 == 2) {
          acknowledgeSome(spool, i);
        }
      }
    }

    private void awaitDurable(Spool spool, MemoryVolume volume) throws InterruptedException {
      long last = appended.keySet().stream().reduce((a, b) -> b).orElseThrow();
      while (!volume.isCut() && !spool.awaitDurable(Lane.ALARM, last, Duration.ofMillis(1))) {
        // Wakes the thread that writes, whose time runs faster than ours.
        spool.reachable(true);
      }
      long safe = spool.durable(Lane.ALARM);
      appended.keySet().stream().filter(id -> id <= safe).forEach(durable::add);
    }

    private void acknowledgeSome(Spool spool, int i) throws InterruptedException {
      for (int k = 0; k < 5; k++) {
        Entry entry = spool.next(Duration.ZERO);
        if (entry != null && i == 20 && k == 0) {
          if (spool.quarantine(entry.id(), "refused")) {
            quarantined.add(entry.id());
          }
        } else if (entry != null && k != 2) {
          spool.acknowledge(entry.id());
          acknowledged.add(entry.id());
        }
      }
    }
  }

  private static SpoolRig fastRig() {
    SpoolRig rig = new SpoolRig();
    rig.nanoTime = () -> System.nanoTime() * 1000;
    return rig;
  }

  private static void check(Run run, MemoryVolume after, String what) throws Exception {
    SpoolRig rig = new SpoolRig();
    Spool spool = rig.open(after, SpoolRig.always(1 << 20));
    List<Entry> found = SpoolRig.readAll(spool);
    Set<Long> ids = new HashSet<>();
    long last = 0;
    for (Entry entry : found) {
      assertThat(entry.id()).as(what + ": order").isGreaterThan(last);
      last = entry.id();
      ids.add(last);
      assertThat(run.appended).as(what + ": only what was appended").containsKey(last);
      assertThat(SpoolRig.number(entry)).isEqualTo(run.appended.get(last));
      assertThat(entry.payload()).hasSize(SIZE);
      assertThat(entry.replayed()).isTrue();
    }
    spool.quarantined().forEach(each -> ids.add(each.entry().id()));
    Set<Long> expected = new HashSet<>(run.durable);
    expected.removeAll(run.acknowledged);
    assertThat(ids).as(what + ": durable and not acknowledged").containsAll(expected);
    long next = spool.append(Lane.ALARM, "t", new byte[1]);
    assertThat(next).as(what + ": ids grow").isGreaterThan(last);
    assertThat(spool.awaitDurable(Lane.ALARM, next, Duration.ofSeconds(5))).isTrue();
    spool.close();
  }

  @Test
  void nothingDurableIsLostWhereverThePowerIsCut() throws Exception {
    int cut = 1;
    boolean reached = true;
    while (reached) {
      MemoryVolume volume = new MemoryVolume();
      volume.cutAt(cut);
      Run run = new Run();
      Spool spool = fastRig().open(volume, SpoolRig.always(1 << 18));
      run.go(spool, volume);
      reached = volume.isCut();
      spool.close();
      for (int seed = 0; seed < 4; seed++) {
        check(run, volume.afterPowerCut(seed), "cut at " + cut + ", seed " + seed);
      }
      check(run, volume.afterKill(), "killed at " + cut);
      cut++;
    }
    // As many as it takes to know that the loop did something.
    assertThat(cut).isGreaterThan(100);
  }

  @Test
  void nothingIsLostWhicheverOperationFails() throws Exception {
    int failing = 1;
    boolean reached = true;
    while (reached) {
      MemoryVolume volume = new MemoryVolume();
      volume.failAt(failing);
      Run run = new Run();
      Spool spool = fastRig().open(volume, SpoolRig.always(1 << 18));
      run.go(spool, volume);
      assertThat(run.durable).as("failed " + failing).isEqualTo(run.appended.keySet());
      reached = volume.operations() >= failing;
      spool.rewind();
      Set<Long> waiting = new HashSet<>(run.appended.keySet());
      waiting.removeAll(run.acknowledged);
      waiting.removeAll(run.quarantined);
      assertThat(SpoolRig.readAll(spool).stream().map(Entry::id))
          .as("failed " + failing)
          .containsExactlyElementsOf(waiting.stream().sorted().toList());
      check(run, volume.afterPowerCut(failing), "failed " + failing);
      spool.close();
      check(run, volume.afterPowerCut(failing), "failed " + failing + ", closed");
      failing++;
    }
    assertThat(failing).isGreaterThan(100);
  }
}
