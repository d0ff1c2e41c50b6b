package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.itests.recorder.SpoolRecorder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What spools took and promised, what came to the subscriber, and whether the two fit. */
final class CrashRecord {
  private static final String REPLAYED = "{\"replayed\":true,";

  /** Enough of what is lost to know what it is. */
  private static final int TELLING = 20;

  /** Acknowledged so long before the process ended, nothing comes again. */
  private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** What was sent by one run is not still on its way so long after the next has begun. */
  private static final long ON_THE_WAY_MS = 500;

  private final Map<String, Message> messages = new HashMap<>();
  private final Map<Long, Message> byId = new HashMap<>();
  private final Map<String, Long> lastIds = new HashMap<>();
  private final List<Long> starts = new ArrayList<>();
  private final Tail received;
  private Tail record;
  private List<Message> taken;
  private Map<Lane, Long> durable;
  private Map<Message, Long> acknowledgedAt;
  private long checked;
  private long doubles;

  /** One message and what is known of it. */
  private static final class Message {
    final String key;
    final long crc;
    final int run;
    long id;
    Lane lane;
    boolean durable;
    boolean acknowledged;

    /** The run in which it was acknowledged long before the end; -1 for none. */
    int settledIn = -1;

    int copies;

    Message(String key, long crc, int run) {
      this.key = key;
      this.crc = crc;
      this.run = run;
    }
  }

  /** A file that grows: whole lines, each once. */
  private static final class Tail {
    private final Path file;
    private long readTo;

    Tail(Path file) {
      this.file = file;
    }

    List<String> more() throws IOException {
      List<String> lines = new ArrayList<>();
      if (!Files.exists(file)) {
        return lines;
      }
      byte[] bytes;
      try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
        bytes = new byte[Math.toIntExact(in.length() - readTo)];
        in.seek(readTo);
        in.readFully(bytes);
      }
      int from = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          lines.add(new String(bytes, from, i - from, StandardCharsets.UTF_8));
          from = i + 1;
        }
      }
      readTo += from;
      return lines;
    }
  }

  CrashRecord(Path received) {
    this.received = new Tail(received);
  }

  /** Messages that had to be there and were. */
  long checked() {
    return checked;
  }

  /** Copies beyond the first. */
  long doubles() {
    return doubles;
  }

  /** A run of the gateway begins. */
  void begin(Path recordOfRun) {
    starts.add(Instant.now().toEpochMilli());
    record = new Tail(recordOfRun);
    taken = new ArrayList<>();
    durable = new EnumMap<>(Lane.class);
    acknowledgedAt = new HashMap<>();
  }

  /** It is over. */
  void end(long endedNanos) throws IOException {
    follow();
    // Only what this run has appended: what an earlier one lost in memory stays lost.
    for (Message message : taken) {
      message.durable = message.id <= durable.getOrDefault(message.lane, 0L);
    }
    acknowledgedAt.forEach(
        (message, at) -> {
          if (endedNanos - at > REMEMBERED_NANOS) {
            message.settledIn = run();
          }
        });
    Files.deleteIfExists(record.file);
  }

  private int run() {
    return starts.size() - 1;
  }

  private void follow() throws IOException {
    for (String line : record.more()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "I" -> {
          Message message = new Message(words[1], Long.parseLong(words[2]), run());
          assertThat(messages.put(words[1], message)).as("named twice: " + words[1]).isNull();
        }
        case "P" -> take(Long.parseLong(words[1]), Lane.valueOf(words[2]), words[3]);
        case "D" -> durable.put(Lane.valueOf(words[1]), Long.parseLong(words[2]));
        case "A" -> acknowledge(Long.parseLong(words[1]), Long.parseLong(words[2]));
        default -> throw new AssertionError(line);
      }
    }
  }

  private void take(long id, Lane lane, String key) {
    assertThat(id).as("taken by a spool that has room").isPositive();
    Message message = messages.get(key);
    message.id = id;
    message.lane = lane;
    assertThat(byId.put(id, message)).as("one id for two: " + id).isNull();
    taken.add(message);
  }

  private void acknowledge(long id, long nanos) {
    Message message = byId.get(id);
    // Else a run was killed between taking the message and writing its id down.
    if (message != null) {
      message.acknowledged = true;
      acknowledgedAt.put(message, nanos);
    }
  }

  private void receive() throws IOException {
    // In this order: what has come was noted before it was sent.
    List<String> lines = received.more();
    follow();
    lines.forEach(this::receive);
  }

  private void receive(String line) {
    int space = line.indexOf(' ');
    long at = new BigDecimal(line.substring(0, space)).movePointRight(3).longValue();
    String payload = line.substring(space + 1);
    if (payload.startsWith(REPLAYED)) {
      payload = "{" + payload.substring(REPLAYED.length());
    }
    Message message = messages.get(SpoolRecorder.key(payload));
    assertThat(message).as("done with long ago, or never sent: " + line).isNotNull();
    assertThat(SpoolRecorder.crc(payload.getBytes(StandardCharsets.UTF_8)))
        .as("as it was appended: " + line)
        .isEqualTo(message.crc);
    if (message.copies++ > 0) {
      doubles++;
      assertThat(message.settledIn >= 0 && runAt(at) > message.settledIn)
          .as("again, although it was acknowledged long before the kill: " + line)
          .isFalse();
    } else if (message.id > 0) {
      String device = message.lane + message.key.substring(0, message.key.indexOf('/'));
      Long before = lastIds.put(device, message.id);
      assertThat(before == null || before < message.id).as("order: " + line).isTrue();
    }
  }

  private int runAt(long millis) {
    int run = run();
    while (run > 0 && starts.get(run) + ON_THE_WAY_MS > millis) {
      run--;
    }
    return run;
  }

  /** All that earlier runs left has come. */
  void caughtUp() throws IOException {
    receive();
    assertThat(missing(run())).as("lost").isEmpty();
  }

  private List<String> missing(int runs) {
    return messages.values().stream()
        .filter(m -> m.run < runs && m.copies == 0 && (m.durable || m.acknowledged))
        .map(m -> m.key + (m.acknowledged ? " acknowledged" : " durable"))
        .limit(TELLING)
        .toList();
  }

  /** After the run that caught up: what was before it and comes from now on is a fault. */
  void settle() throws IOException {
    caughtUp();
    assertThat(messages.values())
        .as("acknowledged and not there")
        .noneMatch(m -> m.acknowledged && m.copies == 0);
    checked += messages.values().stream().filter(m -> m.durable && m.copies > 0).count();
    messages.values().removeIf(m -> m.run < run() || m.settledIn >= 0);
    byId.values().removeIf(m -> m.run < run() || m.settledIn >= 0);
  }
}
