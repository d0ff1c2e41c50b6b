package io.snaprail.storage.internal.spool;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.api.uplink.SpoolSettings.LaneSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** A spool on a volume, with its board and its clock. */
final class SpoolRig {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  final Board board = new Board();
  final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  LongSupplier nanoTime = System::nanoTime;

  /** What is on the problem board. */
  static final class Board implements ProblemBoard {
    private final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();

    @Override
    public void report(String source, List<Problem> now) {
      problems.put(source, now);
    }

    @Override
    public List<Entry> problems() {
      throw new UnsupportedOperationException();
    }

    String text() {
      return problems.values().stream()
          .flatMap(List::stream)
          .map(Problem::message)
          .collect(Collectors.joining("\n"));
    }
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }

  SpoolsComponent factory(Volume volume) {
    return new SpoolsComponent(name -> volume, board, clock(), () -> nanoTime.getAsLong());
  }

  Spool open(Volume volume, SpoolSettings settings) {
    return factory(volume).open("up", settings);
  }

  static LaneSettings lane(long bytes, Eviction eviction, Durability durability) {
    return new LaneSettings(bytes, Duration.ZERO, 0, eviction, durability);
  }

  static SpoolSettings settings(long bytes, Eviction eviction, Durability durability) {
    return SpoolSettings.uniform(lane(bytes, eviction, durability));
  }

  static SpoolSettings always(long bytes) {
    return settings(bytes, Eviction.DROP_OLDEST, Durability.ALWAYS);
  }

  static SpoolSettings memory(long bytes) {
    return settings(bytes, Eviction.DROP_OLDEST, Durability.MEMORY);
  }

  static SpoolSettings with(SpoolSettings settings, Lane lane, LaneSettings of) {
    Map<Lane, LaneSettings> lanes = new EnumMap<>(settings.lanes());
    lanes.put(lane, of);
    return new SpoolSettings(lanes, settings.memoryBytes(), settings.spillAfter());
  }

  static SpoolSettings withMemory(SpoolSettings settings, long bytes) {
    return new SpoolSettings(settings.lanes(), bytes, settings.spillAfter());
  }

  /** A payload that says which it is, and has the size. */
  static byte[] payload(long number, int size) {
    byte[] text = (number + " ").getBytes(StandardCharsets.US_ASCII);
    byte[] payload = new byte[Math.max(size, text.length)];
    System.arraycopy(text, 0, payload, 0, text.length);
    return payload;
  }

  static long number(Spool.Entry entry) {
    String text = new String(entry.payload(), StandardCharsets.US_ASCII);
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }

  /** Everything that is there, in the order in which it is read. */
  static List<Spool.Entry> readAll(Spool spool) throws InterruptedException {
    // Opening goes on beside us: the first may take its time.
    List<Spool.Entry> entries = new ArrayList<>();
    while (entries.size() < spool.stats().entries() || !opened(spool)) {
      Spool.Entry entry = spool.next(Duration.ofMillis(5));
      if (entry != null) {
        entries.add(entry);
      }
    }
    Spool.Entry entry = spool.next(Duration.ZERO);
    while (entry != null) {
      entries.add(entry);
      entry = spool.next(Duration.ZERO);
    }
    return entries;
  }

  /** Whether what an earlier run has left is there. */
  static boolean opened(Spool spool) {
    return ((DiskSpool) spool).isOpen();
  }
}
