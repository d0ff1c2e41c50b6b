package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A real disk of 8 MiB. Needs root for its file system: {@code -Dspool.full=true}. */
@EnabledIfSystemProperty(named = "spool.full", matches = "true")
class FullDiskTest {
  private static final int SIZE = 4_000;

  @TempDir Path folder;

  @Test
  void aFullDiskIsDrainedOutlivesARestartAndIsUsedAgain() throws Exception {
    try (PowerImage image = new PowerImage(folder, 8)) {
      SpoolRig.Board board = new SpoolRig.Board();
      SpoolSettings settings =
          SpoolRig.withMemory(
              SpoolRig.settings(64 << 20, Eviction.REFUSE_NEWEST, Durability.ALWAYS), 1 << 20);
      SpoolsComponent factory = new SpoolsComponent(image.at().resolve("spool"), board);
      Spool spool = factory.open("up", settings);
      int taken = fill(spool);
      assertThat(board.text()).contains("cannot be written");
      int drained = drain(spool, taken / 4);
      spool.close();

      spool = factory.open("up", settings);
      List<Long> numbers = new ArrayList<>();
      for (Entry entry : SpoolRig.readAll(spool)) {
        numbers.add(SpoolRig.number(entry));
        spool.acknowledge(entry.id());
      }
      assertThat(numbers).startsWith((long) drained).isSorted().doesNotHaveDuplicates();
      long id = spool.append(Lane.ALARM, "t", SpoolRig.payload(1, SIZE));
      assertThat(spool.awaitDurable(Lane.ALARM, id, Duration.ofSeconds(40))).isTrue();
      spool.close();
      System.out.printf(
          "spool: 8 MiB disk: %d messages of 4 KB taken until it and 1 MiB of memory were full, %d"
              + " drained while it was, %d there after a restart, then used again%n",
          taken, drained, numbers.size());
    }
  }

  private static int fill(Spool spool) throws InterruptedException {
    int taken = 0;
    while (true) {
      long id = spool.append(Lane.ALARM, "t", SpoolRig.payload(taken, SIZE));
      if (id < 0) {
        return taken;
      }
      taken++;
      spool.awaitDurable(Lane.ALARM, id, Duration.ofMillis(20));
    }
  }

  private static int drain(Spool spool, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      Entry entry = spool.next(Duration.ofSeconds(5));
      assertThat(SpoolRig.number(entry)).isEqualTo(i);
      spool.acknowledge(entry.id());
    }
    return count;
  }
}
