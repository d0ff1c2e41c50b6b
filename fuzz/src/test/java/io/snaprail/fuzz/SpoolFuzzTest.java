package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.api.uplink.SpoolSettings.LaneSettings;
import io.snaprail.storage.internal.spool.SpoolsComponent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;

/** Files of a spool with anything in them: it opens, gives what is sound, and goes on. */
@Timeout(30)
class SpoolFuzzTest {
  private static final List<String> FILES =
      List.of(
          "normal-0000000000000001.log",
          "cursor",
          "quarantine",
          "alarm-0000000000000001.log",
          "normal-0000000000000003.log");

  private static final SpoolSettings SETTINGS =
      SpoolSettings.uniform(
          new LaneSettings(1 << 20, Duration.ZERO, 0, Eviction.DROP_OLDEST, Durability.ALWAYS));

  /** The first byte says which file the rest is. */
  @FuzzTest
  void recovery(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    Path folder = Files.createTempDirectory("spool-fuzz");
    try {
      Path spoolFolder = Files.createDirectories(folder.resolve("up"));
      String file = FILES.get(Byte.toUnsignedInt(input[0]) % FILES.size());
      Files.write(spoolFolder.resolve(file), Arrays.copyOfRange(input, 1, input.length));
      // Twice: the second run finds what the first has made of it.
      long last = run(folder, 0);
      run(folder, last);
    } finally {
      delete(folder);
    }
  }

  private static long run(Path folder, long before) throws InterruptedException {
    try (Spool spool = new SpoolsComponent(folder, new NoBoard()).open("up", SETTINGS)) {
      long added = spool.append(Lane.ALARM, "t", new byte[] {1});
      assertThat(added).isGreaterThan(before);
      boolean seen = false;
      long last = 0;
      Spool.Entry entry = next(spool, added);
      while (entry != null) {
        seen |= entry.id() == added;
        if (entry.lane() == Lane.NORMAL) {
          assertThat(entry.id()).isGreaterThan(last);
          last = entry.id();
        }
        entry = spool.next(Duration.ZERO);
      }
      assertThat(seen).isTrue();
      spool.quarantined().forEach(each -> spool.discard(each.entry().id()));
      return added;
    }
  }

  /** The first entry, when the files have been read. */
  private static Spool.Entry next(Spool spool, long added) throws InterruptedException {
    // Not on disk where what is there says that all ids are used up: then it waits in memory.
    spool.awaitDurable(Lane.ALARM, added, Duration.ofSeconds(2));
    return spool.next(Duration.ofSeconds(5));
  }

  /** Takes problems; a damaged file is one. */
  private static final class NoBoard implements ProblemBoard {
    @Override
    public void report(String source, List<Problem> problems) {}

    @Override
    public List<Entry> problems() {
      return List.of();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
