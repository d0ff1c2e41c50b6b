package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RotationState.Phase;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.certificates.internal.rotation.Due;
import io.snaprail.certificates.internal.rotation.RotationRecord;
import io.snaprail.certificates.internal.x509.Certificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Begins rotations when they are due. Safe for any thread. */
final class Schedules {
  /** Between attempts that fail; doubled with each. */
  private static final Duration RETRY = Duration.ofHours(1);

  private static final Duration LAST_RETRY = Duration.ofDays(1);

  private final RotationKeys keys;
  private final Rotations rotations;
  private final Map<String, RotationSchedule> schedules = new ConcurrentSkipListMap<>();

  Schedules(RotationKeys keys, Rotations rotations) {
    this.keys = keys;
    this.rotations = rotations;
  }

  void add(RotationSchedule schedule) {
    schedules.put(schedule.name(), schedule);
  }

  void remove(RotationSchedule schedule) {
    schedules.remove(schedule.name(), schedule);
  }

  /** The issuer that the schedule of an identity names. */
  Optional<String> issuer(String identity) {
    return schedules.values().stream()
        .filter(schedule -> schedule.wrong().isEmpty() && schedule.identity().equals(identity))
        .map(RotationSchedule::issuer)
        .findFirst();
  }

  /** Begins what is due. */
  void look() {
    if (keys.clock().instant().isBefore(Certificates.EARLIEST_CLOCK)) {
      return;
    }
    for (RotationSchedule schedule : schedules.values()) {
      if (schedule.wrong().isEmpty() && due(schedule)) {
        rotations.rotate(
            schedule.identity(), schedule.issuer(), "schedule '" + schedule.name() + "'");
      }
    }
  }

  private boolean due(RotationSchedule schedule) {
    Instant now = keys.clock().instant();
    Optional<RotationRecord> last =
        rotations.all().stream()
            .filter(record -> record.identity().equals(schedule.identity()))
            .findFirst();
    if (last.isPresent()
        && (last.get().state().running() || now.isBefore(retry(last.get(), now)))) {
      return false;
    }
    try {
      Due.Life life = life(schedule.identity());
      return schedule.due().tooOften(life).isEmpty() && !now.isBefore(schedule.due().at(life));
    } catch (CertificateStoreException told) {
      // It stands on the board.
      return false;
    }
  }

  private static Instant retry(RotationRecord last, Instant now) {
    if (last.state().phase() != Phase.FAILED || last.state().since().isAfter(now)) {
      return Instant.MIN;
    }
    Duration wait = RETRY.multipliedBy(1L << Math.min(Math.max(last.failures() - 1, 0), 10));
    return last.state().since().plus(wait.compareTo(LAST_RETRY) < 0 ? wait : LAST_RETRY);
  }

  private Due.Life life(String identity) throws CertificateStoreException {
    X509Certificate active = keys.active(identity);
    return new Due.Life(
        active.getNotBefore().toInstant(),
        active.getNotAfter().toInstant(),
        Certificates.fingerprint(active));
  }

  /** Schedules that rotate nothing as they are, and rotations that have failed. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (RotationSchedule schedule : schedules.values()) {
      problem(schedule)
          .ifPresent(
              wrong ->
                  problems.add(
                      new Problem(
                          Severity.WARNING,
                          "rotation " + schedule.name(),
                          "The schedule io.snaprail.certificates.rotation~%s rotates nothing: %s"
                              .formatted(schedule.name(), wrong))));
    }
    for (RotationRecord record : rotations.all()) {
      if (record.state().phase() == Phase.FAILED && stillOld(record)) {
        problems.add(
            new Problem(
                Severity.WARNING, "identity " + record.identity(), record.state().message()));
      }
    }
    return problems;
  }

  private Optional<String> problem(RotationSchedule schedule) {
    if (schedule.wrong().isPresent()) {
      return schedule.wrong();
    }
    try {
      return schedule.due().tooOften(life(schedule.identity()));
    } catch (CertificateStoreException missing) {
      return Optional.of(String.valueOf(missing.getMessage()));
    }
  }

  private boolean stillOld(RotationRecord record) {
    try {
      return Certificates.fingerprint(keys.active(record.identity()))
          .equals(record.state().oldFingerprint());
    } catch (CertificateStoreException gone) {
      return false;
    }
  }
}
