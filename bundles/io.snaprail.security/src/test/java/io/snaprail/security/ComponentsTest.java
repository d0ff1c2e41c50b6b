package io.snaprail.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.health.Problem;
import io.snaprail.api.security.SecretStore;
import io.snaprail.security.internal.AuditJournal;
import io.snaprail.security.internal.RecordingAudit;
import io.snaprail.security.internal.SecretVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;

class ComponentsTest {
  @TempDir Path data;
  private final FakeOsgi osgi = new FakeOsgi();
  private final SecurityProblems problems = new SecurityProblems();

  @BeforeEach
  void board() {
    problems.bindBoard(osgi.board);
  }

  private RetriedService<SecretStore> secretStore() {
    return new RetriedService<>(
        osgi.context(),
        SecretStore.class,
        problems,
        () -> SecretVault.open(data.resolve("security"), new SecureRandom()),
        Duration.ofMillis(20));
  }

  // facts/security.md, Secrets: refuse to start on wrong permissions.
  @Test
  void thereIsNoSecretStoreWhileOthersMayReadItsKeyAndThereIsOneOnceThatIsRepaired()
      throws Exception {
    SecretVault.open(data.resolve("security"), new SecureRandom());
    Path key = data.resolve("security/master.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r--r--"));
    try (RetriedService<SecretStore> service = secretStore()) {
      service.start();
      assertThat(osgi.services).isEmpty();
      assertThat(osgi.messages()).singleElement().asString().contains("chmod 0400 " + key);
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
      await().untilAsserted(() -> assertThat(osgi.services).containsKey(SecretStore.class));
      await().untilAsserted(() -> assertThat(osgi.messages()).isEmpty());
    }
    assertThat(osgi.services).isEmpty();
  }

  @Test
  void aFailureThatNobodyThoughtOfIsReportedAndTriedAgainAsWell() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    SecretStore store = SecretVault.open(data.resolve("security"), new SecureRandom());
    try (RetriedService<SecretStore> service =
        new RetriedService<>(
            osgi.context(),
            SecretStore.class,
            problems,
            () -> {
              if (tries.incrementAndGet() < 4) {
                throw new IllegalStateException("surprise");
              }
              return store;
            },
            Duration.ofMillis(20))) {
      service.start();
      assertThat(osgi.messages()).singleElement().asString().contains("surprise");
      await().untilAsserted(() -> assertThat(osgi.services).containsKey(SecretStore.class));
      await().untilAsserted(() -> assertThat(osgi.messages()).isEmpty());
    }
  }

  @Test
  void aBoardThatComesLateLearnsOfTheProblemsThereAre() throws Exception {
    problems.unbindBoard(osgi.board);
    Files.writeString(data.resolve("security"), "a file in the place of the folder");
    try (RetriedService<SecretStore> service = secretStore()) {
      service.start();
      assertThat(osgi.messages()).isEmpty();
      problems.bindBoard(osgi.board);
      assertThat(osgi.messages()).singleElement().asString().contains("cannot open its files");
    }
  }

  @Test
  void anAuditLogThatCannotBeWrittenNamesItsFileAndRecovers() throws Exception {
    Path folder = data.resolve("audit");
    Files.writeString(folder, "a file in the place of the folder");
    AuditEvent event =
        new AuditEvent(AuditEvent.Action.CLOCK, "system", "system", "clock", "ok", Map.of());
    AuditLogComponent audit =
        new AuditLogComponent(new AuditJournal(folder, Clock.systemUTC()), problems);
    assertThatThrownBy(() -> audit.record(event))
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessageContaining(folder.resolve("audit.jsonl").toString());
    assertThat(osgi.messages()).singleElement().asString().contains("changes are refused");
    Files.delete(folder);
    audit.record(event);
    assertThat(osgi.messages()).isEmpty();
    audit.deactivate();
  }

  @Test
  void auditsBundlesOnlyWhileTheFrameworkRuns() {
    RecordingAudit audit = new RecordingAudit();
    BundleAudit listener = new BundleAudit(osgi.context(), audit);
    Bundle driver = FakeOsgi.bundle("com.example.driver", Bundle.ACTIVE);
    osgi.frameworkState = Bundle.STARTING;
    listener.bundleChanged(new BundleEvent(BundleEvent.STARTED, driver));
    assertThat(audit.events).isEmpty();
    osgi.frameworkState = Bundle.ACTIVE;
    listener.bundleChanged(new BundleEvent(BundleEvent.RESOLVED, driver));
    listener.bundleChanged(new BundleEvent(BundleEvent.UPDATED, driver));
    assertThat(audit.events).hasSize(1);
    assertThat(audit.events.get(0).subject()).isEqualTo("com.example.driver");
    assertThat(audit.events.get(0).details())
        .containsAllEntriesOf(Map.of("change", "updated", "version", "1.2.3"));
    assertThat(audit.events.get(0).actor()).isEqualTo("system");

    Actor.Scope scope = new Actor("anna", "192.0.2.9").enter();
    try {
      listener.bundleChanged(new BundleEvent(BundleEvent.STOPPED, driver));
    } finally {
      scope.close();
    }
    assertThat(audit.events.get(1).actor()).isEqualTo("anna");
    assertThat(audit.events.get(1).origin()).isEqualTo("192.0.2.9");
  }

  // facts/security.md, Audit: clock step.
  @Test
  void auditsAJumpOfTheClockAndNotItsPassing() throws Exception {
    RecordingAudit audit = new RecordingAudit();
    AtomicLong nanos = new AtomicLong(-1_000_000_000L);
    AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-03-04T05:06:07Z"));
    ClockAudit watch = new ClockAudit(audit, clock(time), nanos::get);
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    time.updateAndGet(now -> now.plusSeconds(33));
    watch.check();
    assertThat(audit.events).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    time.updateAndGet(now -> now.minus(Duration.ofHours(1)));
    watch.check();
    assertThat(audit.events).hasSize(1);
    assertThat(audit.events.get(0).details()).containsEntry("seconds", "-3630");
    watch.deactivate();
  }

  private static Clock clock(AtomicReference<Instant> time) {
    return new Clock() {
      @Override
      public Instant instant() {
        return time.get();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Test
  void problemsOfOneSourceReplaceEachOtherAndNoOthers() {
    Problem full = new Problem(Problem.Severity.ERROR, "disk", "full");
    Problem open = new Problem(Problem.Severity.ERROR, "key", "open to others");
    problems.report("a", List.of(full));
    problems.report("b", List.of(open));
    problems.report("a", List.of());
    assertThat(osgi.messages()).containsExactly("open to others");
  }
}
