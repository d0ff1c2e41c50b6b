package io.snaprail.security.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the chain of an audit folder: every hash fits its line, every line names the hash of the
 * one before, no number is missing. Records older than the oldest file that is kept are gone; the
 * chain is checked from there.
 */
public final class AuditVerifier {
  private long records;
  private @Nullable AuditRecord before;

  private AuditVerifier() {}

  /**
   * Reads every file.
   *
   * @return how many records fit, and where the chain is broken, if it is
   */
  public static Result verify(Path folder) throws IOException {
    AuditVerifier verifier = new AuditVerifier();
    List<Path> files = new ArrayList<>(AuditJournal.rotated(folder));
    Path active = folder.resolve(AuditJournal.ACTIVE);
    if (Files.exists(active)) {
      files.add(active);
    }
    for (Path file : files) {
      Optional<String> broken = verifier.check(file);
      if (broken.isPresent()) {
        return new Result(verifier.records, broken);
      }
    }
    return new Result(verifier.records, Optional.empty());
  }

  private Optional<String> check(Path file) throws IOException {
    // Not Files.newBufferedReader: bytes that are no UTF-8 are a broken record, not an I/O error.
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        Optional<String> wrong = check(line);
        if (wrong.isPresent()) {
          return Optional.of(file + " line " + number + ": " + wrong.get());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> check(String line) {
    Optional<AuditRecord> parsed = AuditRecord.parse(line);
    if (parsed.isEmpty()) {
      return Optional.of("the record was changed: its hash does not fit");
    }
    AuditRecord record = parsed.get();
    AuditRecord expected = before != null ? before : anchor(record);
    if (record.sequence() != expected.sequence() + 1) {
      return Optional.of(
          "expected record %d, found %d".formatted(expected.sequence() + 1, record.sequence()));
    }
    if (!record.previous().equals(expected.hash())) {
      return Optional.of("the record does not follow the one before it");
    }
    before = record;
    records++;
    return Optional.empty();
  }

  private static AuditRecord anchor(AuditRecord first) {
    return first.sequence() == 1
        ? AuditRecord.NONE
        : new AuditRecord(first.sequence() - 1, "", first.previous());
  }

  /**
   * What was found.
   *
   * @param records how many records fit, from the first on
   * @param broken file, line and reason of the first that does not fit
   */
  public record Result(long records, Optional<String> broken) {
    /** Whether all is well. */
    public boolean intact() {
      return broken.isEmpty();
    }
  }
}
