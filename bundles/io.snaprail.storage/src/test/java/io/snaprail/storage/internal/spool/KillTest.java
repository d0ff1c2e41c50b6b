package io.snaprail.storage.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends, reads and acknowledges is killed (SIGKILL) at random moments, again and
 * again on the same folder; {@code -Dspool.kills=1000} for the long run.
 */
class KillTest {
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final SpoolSettings SETTINGS =
      // What is given up because the disk is slow would look as if it were lost.
      SpoolRig.withMemory(
          SpoolRig.settings(256 << 20, Eviction.REFUSE_NEWEST, Durability.ALWAYS), 1 << 20);
  private static final SpoolSettings SMALL =
      SpoolRig.withMemory(
          SpoolRig.settings(2 << 20, Eviction.DROP_OLDEST, Durability.ALWAYS), 1 << 20);
  // A segment of 256 KB, of messages of 12 bytes at least.
  private static final long ENTRIES_OF_A_SEGMENT = (256 << 10) / 12;

  @TempDir Path folder;
  private final Random random = new Random();

  /** What the process said, and when we heard it. */
  private final Map<Lane, Long> durable = new ConcurrentHashMap<>();

  private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
  private final Map<Lane, Set<Long>> appended = new ConcurrentHashMap<>();

  /** What the run has evicted, and whether it was about to append when it last spoke. */
  private volatile long evicted;

  private volatile boolean appending;
  private SpoolSettings settings = SETTINGS;
  private long givenUp;
  private int resent;
  private long endedAt;
  private volatile boolean started;

  @Test
  void whatIsDurableOutlivesTheProcess() throws Exception {
    int kills = Integer.getInteger("spool.kills", 20);
    long checked = 0;
    for (int i = 1; i <= kills; i++) {
      runAndEnd(folder, this::kill);
      checked += verify(folder, i, LATE_NANOS);
      tell("kill", i, kills, checked);
    }
    assertThat(checked).isPositive();
  }

  @Test
  void whereTheOldestMakeRoomNoMoreIsMissingThanWasCounted() throws Exception {
    settings = SMALL;
    int kills = Math.max(4, Integer.getInteger("spool.kills", 20) / 10);
    long checked = 0;
    for (int i = 1; i <= kills; i++) {
      runAndEnd(folder, this::kill);
      checked += verify(folder, i, LATE_NANOS);
    }
    tell("kill where the oldest make room", kills, kills, checked);
    assertThat(givenUp).isPositive();
  }

  /** Needs root for its file system: {@code -Dspool.power=20}. */
  @Test
  @EnabledIfSystemProperty(named = "spool.power", matches = "[1-9][0-9]*")
  void whereTheOldestMakeRoomNoMoreIsMissingAfterAPowerCut() throws Exception {
    settings = SMALL;
    whatIsDurableOutlivesAPowerCut();
    assertThat(givenUp).isPositive();
  }

  /** The same where nothing makes room. */
  @Test
  @EnabledIfSystemProperty(named = "spool.power", matches = "[1-9][0-9]*")
  void whatIsDurableOutlivesAPowerCut() throws Exception {
    int cuts = Integer.getInteger("spool.power", 0);
    long checked = 0;
    try (PowerImage image = new PowerImage(folder, 512)) {
      for (int i = 1; i <= cuts; i++) {
        runAndEnd(image.at().resolve("spool"), image::cutPower);
        // How far all is acknowledged is flushed once a second, beside the 0.1 s of a kill; and
        // a deleted file is gone when the file system's journal says so (5 s).
        checked += verify(image.at().resolve("spool"), i, 7 * LATE_NANOS);
        tell("power cut", i, cuts, checked);
      }
    }
    assertThat(checked).isPositive();
  }

  private void tell(String what, int done, int all, long checked) {
    if (done % 100 == 0 || done == all) {
      System.out.printf(
          "spool: %s %d times, %d durable messages checked, none lost, %d evicted and counted, %d"
              + " sent again after they were acknowledged%n",
          what, done, checked, givenUp, resent);
    }
  }

  /** An end that the process does not expect. */
  @FunctionalInterface
  private interface End {
    void of(Process process) throws Exception;
  }

  private void kill(Process process) throws InterruptedException {
    // By its handle: Process closes the pipe, and what the process has said last would be lost.
    assertThat(process.toHandle().destroyForcibly()).isTrue();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private void runAndEnd(Path spool, End end) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                spool.toString(),
                settings.equals(SMALL) ? "small" : "large")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Thread listener = new Thread(() -> listen(process));
    listener.start();
    process.getOutputStream().close();
    while (process.isAlive() && !started) {
      Thread.onSpinWait();
    }
    assertThat(process.waitFor(50 + random.nextInt(1200), TimeUnit.MILLISECONDS)).isFalse();
    endedAt = System.nanoTime();
    end.of(process);
    listener.join(10_000);
    assertThat(listener.isAlive()).isFalse();
    started = false;
  }

  private void listen(Process process) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) {
          take(line.substring(0, line.length() - 1).split(" "));
        }
      }
    } catch (java.io.IOException e) {
      // The pipe has broken: the process is gone.
      assertThat(process.isAlive()).isFalse();
    }
  }

  private void take(String[] words) {
    started = true;
    switch (words[0]) {
      case "I" -> appending = true;
      case "N" -> appending = false;
      case "P" -> {
        appending = false;
        appended
            .computeIfAbsent(Lane.valueOf(words[1]), lane -> ConcurrentHashMap.newKeySet())
            .add(Long.parseLong(words[2]));
      }
      case "E" -> evicted = Long.parseLong(words[1]);
      case "D" -> durable.merge(Lane.valueOf(words[1]), Long.parseLong(words[2]), Math::max);
      case "A" -> acknowledged.put(Long.parseLong(words[1]), System.nanoTime());
      default -> throw new AssertionError(words[0]);
    }
  }

  /** Reads all that is left; what must be there stays for the next run. */
  private long verify(Path at, int run, long late) throws Exception {
    Spool spool = new SpoolsComponent(at, new SpoolRig.Board()).open("up", settings);
    Map<Lane, List<Long>> found = new HashMap<>();
    for (Entry entry : SpoolRig.readAll(spool)) {
      found.computeIfAbsent(entry.lane(), lane -> new ArrayList<>()).add(entry.id());
      assertThat(Writer.sound(entry)).isTrue();
    }
    long checked = 0;
    long missing = 0;
    for (Lane lane : List.of(Lane.ALARM, Lane.NORMAL)) {
      List<Long> ids = found.getOrDefault(lane, List.of());
      assertThat(ids).isSorted().doesNotHaveDuplicates();
      long safe = durable.getOrDefault(lane, 0L);
      Set<Long> expected = new HashSet<>(appended.getOrDefault(lane, Set.of()));
      expected.removeIf(id -> id > safe || acknowledged.containsKey(id));
      if (settings.equals(SMALL)) {
        int all = expected.size();
        expected.retainAll(ids);
        missing += all - expected.size();
      }
      assertThat(new HashSet<>(ids)).as("run " + run + ", " + lane).containsAll(expected);
      checked += expected.size();
      for (long id : ids) {
        Long acknowledgedAt = acknowledged.get(id);
        if (acknowledgedAt != null) {
          resent++;
          assertThat(endedAt - acknowledgedAt).as("acknowledged long ago: " + id).isLessThan(late);
        }
      }
      // What is left is what the next run starts with.
      appended.put(lane, ConcurrentHashMap.newKeySet());
      appended.get(lane).addAll(ids);
      durable.put(lane, ids.isEmpty() ? 0 : ids.get(ids.size() - 1));
    }
    // Killed while it appended, it may have evicted a segment without a word.
    assertThat(missing)
        .as("run " + run + ": missing")
        .isLessThanOrEqualTo(evicted + (appending ? ENTRIES_OF_A_SEGMENT : 0));
    givenUp += evicted;
    evicted = 0;
    appending = false;
    acknowledged.clear();
    spool.close();
    return checked;
  }

  /** The process that is killed. */
  static final class Writer {
    private static final PrintStream OUT = new PrintStream(System.out, false);

    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      boolean small = arguments[1].equals("small");
      Spool spool =
          new SpoolsComponent(Path.of(arguments[0]), new SpoolRig.Board())
              .open("up", small ? SMALL : SETTINGS);
      // A reader that is too slow lets the spool fill up.
      Thread reader = new Thread(() -> read(spool, small ? 4_000_000 : 200_000));
      reader.setDaemon(true);
      reader.start();
      Random random = new Random();
      long before = 0;
      while (true) {
        int burst = random.nextInt(20) == 0 ? 400 : random.nextInt(5);
        for (int i = 0; i < burst; i++) {
          Lane lane = random.nextInt(100) == 0 ? Lane.ALARM : Lane.NORMAL;
          say("I");
          long id = spool.append(lane, "t", payload(random));
          long dropped = spool.stats().dropped();
          if (dropped != before) {
            say("E " + dropped);
            before = dropped;
          }
          say(id > 0 ? "P " + lane + " " + id : "N");
        }
        // Said after it was asked: so it is true, and nothing is said too late to count.
        say("D ALARM " + spool.durable(Lane.ALARM));
        say("D NORMAL " + spool.durable(Lane.NORMAL));
        LockSupport.parkNanos(random.nextInt(4_000_000));
      }
    }

    private static void read(Spool spool, int pauseNanos) {
      Random random = new Random();
      List<Entry> window = new ArrayList<>();
      try {
        while (true) {
          Entry entry = spool.next(Duration.ofMillis(10));
          if (entry != null) {
            window.add(entry);
          }
          // Out of order, as a broker may; and now and then the connection is lost.
          if (window.size() > random.nextInt(80)) {
            Entry done = window.remove(random.nextInt(window.size()));
            say("A " + done.id());
            spool.acknowledge(done.id());
          }
          if (random.nextInt(2000) == 0) {
            window.clear();
            spool.rewind();
          }
          if (random.nextInt(3) == 0) {
            LockSupport.parkNanos(random.nextInt(pauseNanos));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static synchronized void say(String line) {
      OUT.print(line + ".\n");
      OUT.flush();
    }

    private static byte[] payload(Random random) {
      byte[] payload = new byte[8 + random.nextInt(1000)];
      random.nextBytes(payload);
      CRC32 sum = new CRC32();
      sum.update(payload, 8, payload.length - 8);
      ByteBuffer.wrap(payload).putLong(sum.getValue());
      return payload;
    }

    static boolean sound(Entry entry) {
      CRC32 sum = new CRC32();
      sum.update(entry.payload(), 8, entry.payload().length - 8);
      return ByteBuffer.wrap(entry.payload()).getLong() == sum.getValue();
    }
  }
}
