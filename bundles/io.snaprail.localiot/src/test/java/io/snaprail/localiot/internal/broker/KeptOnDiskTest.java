package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.file.FileFaults;
import io.snaprail.localiot.internal.limits.Quotas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retained messages and sessions over a restart, and over a cut at each step of a write. */
class KeptOnDiskTest {
  @TempDir private Path folder;
  private long nanos = 5;
  private Instant wall = Instant.parse("2026-01-01T00:00:00Z");

  private Broker broker() throws IOException {
    return broker(folder);
  }

  private Broker broker(Path of) throws IOException {
    Broker broker = new Broker(() -> nanos, Clock.fixed(wall, ZoneOffset.UTC));
    broker.open(of);
    return broker;
  }

  private static Message message(String topic, String text) {
    return new Message(topic, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> owed(Broker broker, String clientId) {
    Line line = new Line();
    Session session = broker.connect(clientId, false, line).session();
    List<String> texts = new ArrayList<>();
    session
        .unacknowledged()
        .forEach(
            e -> texts.add(new String(e.getValue().message().payload(), StandardCharsets.UTF_8)));
    for (Delivery next = session.peek(line); next != null; next = session.peek(line)) {
      session.take(line, next);
      texts.add(new String(next.message().payload(), StandardCharsets.UTF_8));
    }
    return texts;
  }

  /** A client that subscribes and goes. */
  private static Session away(Broker broker, String clientId, boolean clean) {
    Line line = new Line();
    Session session = broker.connect(clientId, clean, line).session();
    broker.subscribe(session, "t/+", 1);
    broker.disconnected(session, line);
    return session;
  }

  @Test
  void keepsRetainedMessagesAndWhatCameForClientsThatWereAway() throws Exception {
    Broker broker = broker();
    away(broker, "away", false);
    away(broker, "clean", true);
    broker.publish(message("t/1", "one"), 1);
    broker.publish(message("t/1", "zero"), 0);
    broker.publish(message("t/2", "two"), 1);
    broker.retain(message("r/1", "kept"));
    broker.retain(message("r/2", "gone"));
    broker.retain(message("r/2", ""));
    broker.save();

    Broker again = broker();
    assertThat(again.sessionCount()).isEqualTo(1);
    assertThat(owed(again, "away")).containsExactly("one", "two");
    again.publish(message("t/3", "three"), 1);
    assertThat(owed(again, "away")).containsExactly("one", "two", "three");
    Session reader = again.connect("reader", true, new Line()).session();
    again.sendRetained(reader, "r/1", 1);
    again.sendRetained(reader, "r/2", 1);
    assertThat(reader.queued()).isEqualTo(1);
  }

  // What was delivered must not come again for ever.
  @Test
  void forgetsWhatWasAcknowledged() throws Exception {
    Broker broker = broker();
    away(broker, "away", false);
    broker.publish(message("t/1", "one"), 1);
    broker.save();
    Line line = new Line();
    Session session = broker.connect("away", false, line).session();
    Delivery next = session.peek(line);
    int id = session.take(line, next);
    broker.save();
    session.acknowledged(id);
    broker.save();

    assertThat(owed(broker(), "away")).isEmpty();
  }

  @Test
  void writesOnlyWhatHasChanged() throws Exception {
    Broker broker = broker();
    Session session = away(broker, "away", false);
    broker.retain(message("r", "1"));
    broker.save();
    try (FileFaults faults = FileFaults.none(folder)) {
      broker.save();
      // Messages to a connected client are not written.
      Line line = new Line();
      broker.connect("away", false, line);
      broker.save();
      int connected = faults.steps().size();
      broker.publish(message("t/1", "x"), 1);
      session.acknowledged(session.take(line, session.peek(line)));
      broker.save();
      assertThat(faults.steps()).hasSize(connected);
    }
  }

  // Facts: a persistent session lives for an hour; a restart does not make it live longer.
  @Test
  void sessionsEndInTheirTimeOverARestart() throws Exception {
    Broker broker = broker();
    away(broker, "away", false);
    broker.save();
    wall = wall.plus(Quotas.SESSION_EXPIRY).minusSeconds(1);
    Broker early = broker();
    assertThat(early.sessionCount()).isEqualTo(1);
    nanos += Duration.ofSeconds(2).toNanos();
    early.expireSessions();
    assertThat(early.sessionCount()).isZero();
    wall = wall.plusSeconds(1);
    assertThat(broker().sessionCount()).isZero();
  }

  private static void fill(Broker broker) {
    away(broker, "old", false);
    broker.publish(message("t/1", "old"), 1);
    broker.retain(message("r", "old"));
  }

  private static void change(Broker broker) {
    broker.publish(message("t/1", "new"), 1);
    broker.retain(message("r", "new"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailureOrACutLeavesTheOldOrTheNew(boolean cut) throws Exception {
    for (int step = 0; step < 10; step++) {
      Path own = Files.createDirectories(folder.resolve(cut + "-" + step));
      Broker broker = broker(own);
      fill(broker);
      broker.save();
      change(broker);
      try (FileFaults faults = cut ? FileFaults.cut(own, step) : FileFaults.failing(own, step)) {
        assertThatThrownBy(broker::save).isInstanceOfAny(IOException.class, RuntimeException.class);
        assertThat(faults.steps()).hasSizeGreaterThan(step);
      }
      assertThat(owed(broker(own), "old")).isIn(List.of("old"), List.of("old", "new"));
      if (!cut) {
        // It is tried again.
        broker.save();
        assertThat(owed(broker(own), "old")).containsExactly("old", "new");
      }
    }
  }

  @Test
  void namesADamagedFileAndLeavesItAlone() throws Exception {
    Path file = Files.writeString(folder.resolve("sessions.json"), "{\"format\":1,");
    assertThatThrownBy(this::broker)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file.toString(), "move it away");
    assertThat(file).hasContent("{\"format\":1,");
  }

  private static final class Line implements Link {
    @Override
    public void wake() {}

    @Override
    public String certificateId() {
      return "";
    }

    @Override
    public void end(DisconnectReason why, String words) {}
  }
}
