package io.snaprail.storage.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.storage.internal.config.Change.Origin;
import io.snaprail.storage.internal.config.ConfigFolder.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path base;

  private final List<AuditEvent> audited = new ArrayList<>();
  private AuditLog log = audited::add;
  private Journal journal;

  @BeforeEach
  void open() throws Exception {
    History history = new History(base.resolve("history"), Clock.systemUTC());
    ConfigFolder folder =
        new ConfigFolder(
            base.resolve("config"),
            history,
            (pid, factory) -> Schema.UNKNOWN,
            Time.SYSTEM,
            change -> {});
    folder.load();
    Files.writeString(base.resolve("config/p.json"), "{}");
    folder.look();
    journal = new Journal(folder, history, () -> log);
  }

  private static Change change(String pid, String... keys) {
    return new Change(pid, Origin.FILE, Set.of(keys));
  }

  private static void fail(AuditEvent event) throws AuditUnavailableException {
    throw new AuditUnavailableException("the disk is full", new IOException());
  }

  @Test
  void severalChangesOfOnePidBecomeOneEvent() {
    journal.add(change("p", "a"));
    journal.add(change("p", "b"));
    journal.flush();
    assertThat(audited)
        .singleElement()
        .satisfies(e -> assertThat(e.details()).containsEntry("changed", "a,b"));
    journal.flush();
    assertThat(audited).hasSize(1);
  }

  @Test
  void whatAPersonHasAskedForIsTheirsAndNoOneElses() {
    Actor.Scope scope = new Actor("anna", "192.0.2.9").enter();
    try {
      journal.add(new Change("p", Origin.ADMIN, Set.of("a")));
    } finally {
      scope.close();
    }
    journal.add(new Change("p", Origin.ADMIN, Set.of("b")));
    journal.flush();
    assertThat(audited)
        .extracting(AuditEvent::actor, AuditEvent::origin, e -> e.details().get("changed"))
        .containsExactly(
            tuple("anna", "192.0.2.9", "a"), tuple("system", "configuration admin", "b"));
  }

  @Test
  void anAuditLogThatFailsIsAProblemUntilTheEventIsWritten() {
    log = JournalTest::fail;
    journal.add(change("p", "a"));
    journal.flush();
    assertThat(journal.failures())
        .containsEntry(
            "audit",
            "1 configuration changes are in force but not in the audit log yet, 0 never will be:"
                + " the disk is full");
    log = audited::add;
    journal.flush();
    assertThat(audited).hasSize(1);
    assertThat(journal.failures()).isEmpty();
  }

  @Test
  void eventsWaitForAnAuditLogThatIsNotThereYet() {
    log = null;
    journal.add(change("p", "a"));
    journal.flush();
    log = audited::add;
    journal.flush();
    assertThat(audited).hasSize(1);
  }

  @Test
  void whatWaitsIsBounded() {
    log = JournalTest::fail;
    for (int i = 0; i < 300; i++) {
      journal.add(change("p" + i, "a"));
      journal.flush();
    }
    assertThat(journal.failures().get("audit"))
        .startsWith(
            "256 configuration changes are in force but not in the audit log yet, 44 never");
  }

  @Test
  void whatTheSchemaChangedIsNobodysDeed() {
    journal.add(new Change("p", Origin.SCHEMA, Set.of("a")));
    journal.flush();
    assertThat(audited).isEmpty();
  }

  @Test
  void aHistoryThatCannotBeWrittenIsAProblem() throws Exception {
    Files.writeString(base.resolve("history"), "not a folder");
    journal.begin();
    assertThat(journal.failures().get("history"))
        .startsWith("earlier versions of configurations cannot be kept");
    Files.delete(base.resolve("history"));
    journal.add(change("p", "a"));
    journal.flush();
    assertThat(journal.failures()).isEmpty();
    assertThat(base.resolve("history/p")).isNotEmptyDirectory();
  }
}
