package io.snaprail.benchmarks.spool;

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
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Figures of the spool with messages of 1 KB. Arguments: a folder; the block device that it is on,
 * as in {@code /sys/block}, or {@code -}; which figures, of {@code speed}, {@code written} and
 * {@code memory}, all when there are none.
 */
public final class SpoolBenchmark {
  private static final int MESSAGE_BYTES = 1024;
  private static final String TOPIC = "";
  private static final int SPEED_MESSAGES = 600_000;
  private static final int RUNS = 3;
  private static final int PER_SECOND = 200;
  private static final int WRITTEN_SECONDS = 30;
  private static final int WAITING_MESSAGES = 1 << 20;
  private static final Duration AMPLE = Duration.ofSeconds(10);
  private static final int SECTOR_BYTES = 512;
  private static final int SECTORS_WRITTEN = 6;

  private final Path folder;
  private final String device;

  private SpoolBenchmark(Path folder, String device) {
    this.folder = folder;
    this.device = device;
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    SpoolBenchmark benchmark = new SpoolBenchmark(Path.of(arguments[0]), arguments[1]);
    List<String> wanted =
        arguments.length == 2
            ? List.of("speed", "written", "memory")
            : Arrays.asList(arguments).subList(2, arguments.length);
    if (wanted.contains("speed")) {
      benchmark.speed();
    }
    if (wanted.contains("written")) {
      benchmark.written();
    }
    if (wanted.contains("memory")) {
      benchmark.memory();
    }
  }

  private void speed() throws Exception {
    double[] append = new double[RUNS];
    double[] drain = new double[RUNS];
    double[] peerAppend = new double[RUNS];
    double[] peerDrain = new double[RUNS];
    for (int run = 0; run < RUNS; run++) {
      clear();
      try (Spool spool = open()) {
        append[run] = append(spool, SPEED_MESSAGES);
        drain[run] = drain(spool, SPEED_MESSAGES);
      }
      clear();
      peer(peerAppend, peerDrain, run);
    }
    System.out.printf(
        "append, all on disk at the end: %,.0f/s; H2 MVStore, commit and sync each second: %,.0f/s;"
            + " ratio %.2f%n",
        median(append), median(peerAppend), median(append) / median(peerAppend));
    System.out.printf(
        "drain in order from disk, each acknowledged: %,.0f/s; H2 MVStore: %,.0f/s; ratio %.2f%n",
        median(drain), median(peerDrain), median(drain) / median(peerDrain));
  }

  private static double append(Spool spool, int count) throws InterruptedException {
    byte[] payload = new byte[MESSAGE_BYTES];
    long last = 0;
    long start = System.nanoTime();
    for (int i = 0; i < count; ) {
      long id = spool.append(Lane.NORMAL, TOPIC, payload);
      if (id > 0) {
        last = id;
        i++;
      } else {
        // Memory is full of what is on its way: the disk is the slower one.
        LockSupport.parkNanos(100_000);
      }
    }
    if (!spool.awaitDurable(Lane.NORMAL, last, Duration.ofMinutes(1))) {
      throw new IllegalStateException("not on disk after a minute");
    }
    return rate(count, start);
  }

  private static double drain(Spool spool, int count) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Spool.Entry entry = spool.next(Duration.ofSeconds(10));
      if (entry == null) {
        throw new IllegalStateException("nothing came after " + i + " of " + count);
      }
      spool.acknowledge(entry.id());
    }
    return rate(count, start);
  }

  private void peer(double[] append, double[] drain, int run) {
    byte[] payload = new byte[MESSAGE_BYTES];
    try (MVStore store =
        new MVStore.Builder()
            .fileName(folder.resolve("mv").toString())
            .autoCommitDisabled()
            .open()) {
      MVMap<Long, byte[]> map = store.openMap("q");
      long start = System.nanoTime();
      long committed = start;
      for (long i = 0; i < SPEED_MESSAGES; i++) {
        map.append(i, payload);
        if (i % 64 == 0 && System.nanoTime() - committed > TimeUnit.SECONDS.toNanos(1)) {
          store.commit();
          store.sync();
          committed = System.nanoTime();
        }
      }
      store.commit();
      store.sync();
      append[run] = rate(SPEED_MESSAGES, start);
      start = System.nanoTime();
      for (long i = 0; i < SPEED_MESSAGES; i++) {
        map.remove(i);
        if (i % 64 == 0 && System.nanoTime() - committed > TimeUnit.SECONDS.toNanos(1)) {
          store.commit();
          store.sync();
          committed = System.nanoTime();
        }
      }
      store.commit();
      store.sync();
      drain[run] = rate(SPEED_MESSAGES, start);
    }
  }

  private void written() throws Exception {
    if (device.equals("-")) {
      System.out.println("written bytes: left out, as the folder has no device of its own");
      return;
    }
    clear();
    byte[] payload = new byte[MESSAGE_BYTES];
    int count = PER_SECOND * WRITTEN_SECONDS;
    try (Spool spool = open()) {
      long last = 0;
      spool.awaitDurable(Lane.NORMAL, spool.append(Lane.NORMAL, TOPIC, payload), AMPLE);
      sync();
      long before = sectors();
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = start + TimeUnit.SECONDS.toNanos(1) * i / PER_SECOND;
        LockSupport.parkNanos(due - System.nanoTime());
        last = spool.append(Lane.NORMAL, TOPIC, payload);
      }
      spool.awaitDurable(Lane.NORMAL, last, AMPLE);
      sync();
      double bytes = (double) (sectors() - before) * SECTOR_BYTES;
      System.out.printf(
          "written bytes a payload byte at %d/s for %d s, 1 s commit: %.2f%n",
          PER_SECOND, WRITTEN_SECONDS, bytes / ((double) count * MESSAGE_BYTES));
    }
  }

  private void memory() throws Exception {
    clear();
    long before = used();
    try (Spool spool = open()) {
      append(spool, WAITING_MESSAGES);
      System.out.printf(
          "memory while %,d messages of 1 KB wait: %.1f MB of heap in use, resident %.0f MB%n",
          spool.stats().entries(), (used() - before) / 1048576.0, residentMb());
      double rate = drain(spool, WAITING_MESSAGES);
      System.out.printf("drained at %,.0f/s%n", rate);
    }
    System.out.printf("left on disk: %,d bytes%n", folderBytes());
  }

  private Spool open() {
    LaneSettings lane =
        new LaneSettings(3L << 30, Duration.ZERO, 0, Eviction.REFUSE_NEWEST, Durability.ALWAYS);
    return new SpoolsComponent(folder, new Printing()).open("bench", SpoolSettings.uniform(lane));
  }

  /** A benchmark has no problems. */
  private static final class Printing implements ProblemBoard {
    @Override
    public void report(String source, List<Problem> problems) {
      problems.stream()
          // Its appender waits when memory is full: that is how it finds out how fast the disk is.
          .filter(problem -> !problem.message().contains("loses messages"))
          .forEach(problem -> System.out.println("PROBLEM " + problem.message()));
    }

    @Override
    public List<Entry> problems() {
      return List.of();
    }
  }

  private static double rate(int count, long start) {
    return count / ((System.nanoTime() - start) / 1e9);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static double residentMb() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    return 0;
  }

  private long sectors() throws IOException {
    String stat = Files.readString(Path.of("/sys/block", device, "stat")).strip();
    return Long.parseLong(stat.split("\\s+")[SECTORS_WRITTEN]);
  }

  private static void sync() throws Exception {
    new ProcessBuilder("sync").start().waitFor();
  }

  private long folderBytes() throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  private void clear() throws IOException {
    Path spool = folder.resolve("bench");
    if (Files.exists(spool)) {
      try (var files = Files.list(spool)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    Files.deleteIfExists(folder.resolve("mv"));
  }
}
