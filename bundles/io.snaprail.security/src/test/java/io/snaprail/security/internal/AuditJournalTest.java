package io.snaprail.security.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.audit.AuditEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditJournalTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);

  @TempDir Path data;
  private Path folder;

  @BeforeEach
  void folder() {
    folder = data.resolve("audit");
  }

  private AuditJournal journal() {
    return new AuditJournal(folder, CLOCK);
  }

  private static AuditEvent event(String subject) {
    return new AuditEvent(
        AuditEvent.Action.WRITE, "anna", "127.0.0.1", subject, "ok", Map.of("note", "größer <5>"));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("audit.jsonl"));
  }

  @Test
  void writesOneLineAnEventWithTimeSequenceAndHash() throws IOException {
    try (AuditJournal journal = journal()) {
      journal.append(event("pump/speed"));
      journal.append(event("pump/on"));
    }
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0))
        .startsWith("{\"seq\":1,\"time\":\"2026-03-04T05:06:07Z\",\"action\":\"WRITE\"")
        .contains("\"subject\":\"pump/speed\"", "größer <5>", "\"prev\":\"" + "0".repeat(64))
        .matches(".*\"hash\":\"[0-9a-f]{64}\"}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal().file())))
        .isEqualTo("rw-------");
  }

  @Test
  void continuesTheChainAfterARestart() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (AuditJournal journal = journal()) {
        journal.append(event("start " + i));
      }
    }
    AuditVerifier.Result result = AuditVerifier.verify(folder);
    assertThat(result.broken()).isEmpty();
    assertThat(result.records()).isEqualTo(3);
  }

  // kill -9 or a power cut in the middle of a write.
  @Test
  void cutsOffATornLineAndGoesOn() throws IOException {
    try (AuditJournal journal = journal()) {
      journal.append(event("whole"));
    }
    Files.writeString(
        folder.resolve("audit.jsonl"), "{\"seq\":2,\"time\":\"20", StandardOpenOption.APPEND);
    try (AuditJournal journal = journal()) {
      journal.append(event("after the crash"));
    }
    assertThat(AuditVerifier.verify(folder).intact()).isTrue();
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).startsWith("{\"seq\":2,").contains("after the crash");
  }

  @Test
  void cutsOffATornFirstLine() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("audit.jsonl"), "{\"seq\":1,");
    try (AuditJournal journal = journal()) {
      journal.append(event("first"));
    }
    assertThat(AuditVerifier.verify(folder).records()).isEqualTo(1);
  }

  @Test
  void showsWhichLineWasChanged() throws IOException {
    writeFive();
    List<String> lines = lines();
    Files.write(
        folder.resolve("audit.jsonl"),
        lines.stream().map(line -> line.replace("event 2", "event X")).toList());
    AuditVerifier.Result result = AuditVerifier.verify(folder);
    assertThat(result.intact()).isFalse();
    assertThat(result.records()).isEqualTo(2);
    assertThat(result.broken().orElseThrow()).contains("audit.jsonl line 3").contains("changed");
  }

  // Someone who also makes the hash of the changed line right breaks the line after it.
  @Test
  void showsAChangeWhoseHashWasMadeAnew() throws IOException {
    writeFive();
    List<String> lines = new java.util.ArrayList<>(lines());
    AuditRecord second = AuditRecord.parse(lines.get(1)).orElseThrow();
    lines.set(2, second.next(event("forged"), CLOCK.instant()));
    Files.write(folder.resolve("audit.jsonl"), lines);
    assertThat(AuditVerifier.verify(folder).broken().orElseThrow())
        .contains("line 4")
        .contains("does not follow");
  }

  @Test
  void showsThatALineIsMissing() throws IOException {
    writeFive();
    List<String> lines = new java.util.ArrayList<>(lines());
    lines.remove(1);
    Files.write(folder.resolve("audit.jsonl"), lines);
    assertThat(AuditVerifier.verify(folder).broken().orElseThrow())
        .contains("line 2: expected record 2, found 3");
  }

  @Test
  void goesOnAfterADamagedEndWithoutHidingIt() throws IOException {
    writeFive();
    Files.writeString(folder.resolve("audit.jsonl"), "garbage\n", StandardOpenOption.APPEND);
    try (AuditJournal journal = journal()) {
      journal.append(event("later"));
    }
    assertThat(lines().get(6)).startsWith("{\"seq\":7,");
    assertThat(AuditVerifier.verify(folder).broken().orElseThrow()).contains("line 6");
  }

  @Test
  void rotatesBySizeKeepsTheChainAndDropsTheOldest() throws IOException {
    try (AuditJournal journal = new AuditJournal(folder, CLOCK, 1000, 3)) {
      for (int i = 1; i <= 30; i++) {
        journal.append(event("event " + i));
      }
    }
    assertThat(AuditJournal.rotated(folder)).hasSize(3);
    assertThat(Files.size(folder.resolve("audit.jsonl"))).isLessThanOrEqualTo(1000);
    AuditVerifier.Result result = AuditVerifier.verify(folder);
    assertThat(result.broken()).isEmpty();
    assertThat(result.records()).isBetween(8L, 12L);
  }

  // A crash between the rename and the first record of the new file.
  @Test
  void continuesTheChainFromTheNewestFullFile() throws IOException {
    writeFive();
    Files.move(folder.resolve("audit.jsonl"), folder.resolve("audit-0000000000000000005.jsonl"));
    try (AuditJournal journal = journal()) {
      journal.append(event("sixth"));
    }
    assertThat(AuditVerifier.verify(folder).records()).isEqualTo(6);
    assertThat(AuditVerifier.verify(folder).intact()).isTrue();
  }

  @Test
  void recoversWhenTheFolderCanBeWrittenAgain() throws IOException {
    Files.writeString(folder, "a file in the place of the folder");
    try (AuditJournal journal = journal()) {
      assertThatThrownBy(() -> journal.append(event("lost"))).isInstanceOf(IOException.class);
      Files.delete(folder);
      journal.append(event("kept"));
    }
    assertThat(AuditVerifier.verify(folder).records()).isEqualTo(1);
  }

  @Test
  void survivesAnInterruptedCaller() throws IOException {
    try (AuditJournal journal = journal()) {
      journal.append(event("one"));
      Thread.currentThread().interrupt();
      journal.append(event("two"));
      assertThat(Thread.interrupted()).isTrue();
      journal.append(event("three"));
    }
    assertThat(AuditVerifier.verify(folder).records()).isEqualTo(3);
  }

  @Test
  void clipsWhatIsTooLong() throws IOException {
    try (AuditJournal journal = journal()) {
      journal.append(event("x".repeat(100_000)));
    }
    assertThat(lines().get(0)).hasSizeLessThan(1000).contains("x…");
    assertThat(AuditVerifier.verify(folder).intact()).isTrue();
  }

  private void writeFive() throws IOException {
    try (AuditJournal journal = journal()) {
      for (int i = 0; i < 5; i++) {
        journal.append(event("event " + i));
      }
    }
  }
}
