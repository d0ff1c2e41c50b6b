package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.rotation.RotationFiles;
import io.snaprail.certificates.internal.rotation.RotationRecord;
import io.snaprail.certificates.internal.x509.Certificates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells issuers which certificates are not in use any more, until they know. In the thread of
 * rotations; only {@link #problems} is for any.
 */
final class Retirement {
  private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);
  private static final Duration ANSWER = Duration.ofMinutes(1);
  private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
  private static final Duration LAST_RETRY = Duration.ofHours(1);

  /** In the place of a question: the next one comes after a while. */
  private static final Object WAITS = new Object();

  private final RotationFiles files;
  private final Issuers issuers;
  private final RotationThread thread;

  /** Fingerprints that an issuer is asked about, with the question; or will be after a while. */
  private final Map<String, Object> busy = new HashMap<>();

  private final Map<String, Integer> failures = new HashMap<>();

  /** By fingerprint. */
  private final Map<String, Problem> problems = new ConcurrentHashMap<>();

  Retirement(RotationFiles files, Issuers issuers, RotationThread thread) {
    this.files = files;
    this.issuers = issuers;
    this.thread = thread;
  }

  List<Problem> problems() {
    return List.copyOf(problems.values());
  }

  /** Tells what has to be told. */
  void proceed(RotationRecord record) {
    Optional<CertificateIssuer> issuer = issuers.find(record.state().issuer());
    if (issuer.isEmpty()) {
      return;
    }
    for (String fingerprint : record.retire()) {
      if (!busy.containsKey(fingerprint)) {
        tell(record.identity(), fingerprint, issuer.get());
      }
    }
  }

  private void tell(String identity, String fingerprint, CertificateIssuer issuer) {
    Object question = new Object();
    busy.put(fingerprint, question);
    thread.later(() -> answered(identity, fingerprint, question, "it did not answer"), ANSWER);
    try {
      issuer
          .retired(identity, fingerprint)
          .whenComplete(
              (nothing, failure) ->
                  thread.submit(
                      () ->
                          answered(
                              identity,
                              fingerprint,
                              question,
                              failure == null ? null : Rotations.message(failure))));
    } catch (RuntimeException failure) {
      // Whatever an issuer throws.
      answered(identity, fingerprint, question, Rotations.message(failure));
    }
  }

  private void answered(
      String identity, String fingerprint, Object question, @Nullable String failure) {
    Optional<RotationRecord> record = record(identity);
    if (!busy.remove(fingerprint, question) || record.isEmpty()) {
      return;
    }
    if (failure == null) {
      forget(fingerprint);
      keep(record.get().told(fingerprint));
      return;
    }
    busy.put(fingerprint, WAITS);
    int times = failures.merge(fingerprint, 1, Integer::sum);
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(times - 1, 10));
    wait = wait.compareTo(LAST_RETRY) < 0 ? wait : LAST_RETRY;
    problems.put(
        fingerprint,
        new Problem(
            Severity.WARNING,
            "identity " + identity,
            "The issuer '%s' could not be told that the certificate %s is not in use any more: %s. That is tried again; or revoke it there by hand."
                .formatted(record.get().state().issuer(), fingerprint, failure)));
    thread.problemsChanged();
    thread.later(() -> again(identity, fingerprint), wait);
  }

  private void again(String identity, String fingerprint) {
    busy.remove(fingerprint);
    record(identity).ifPresent(this::proceed);
  }

  private void forget(String fingerprint) {
    busy.remove(fingerprint);
    failures.remove(fingerprint);
    if (problems.remove(fingerprint) != null) {
      thread.problemsChanged();
    }
  }

  /** A certificate came that nobody waits for any more. */
  void late(String identity, String pem) {
    try {
      String fingerprint =
          Certificates.fingerprint(PemIdentity.certificatesOnly(pem).get(0).certificate());
      Optional<RotationRecord> record = record(identity);
      if (record.isPresent() && !inUse(record.get(), fingerprint)) {
        List<String> retire = new ArrayList<>(record.get().retire());
        retire.add(fingerprint);
        RotationRecord more = record.get().retiring(retire);
        keep(more);
        proceed(more);
      }
    } catch (CertificateStoreException unreadable) {
      LOG.debug("Identity {}: a late certificate is left alone", identity, unreadable);
    }
  }

  private static boolean inUse(RotationRecord record, String fingerprint) {
    return record.retire().contains(fingerprint)
        || record.state().oldFingerprint().equals(fingerprint)
        || record.state().newFingerprint().equals(fingerprint);
  }

  private Optional<RotationRecord> record(String identity) {
    return files.all().stream().filter(r -> r.identity().equals(identity)).findFirst();
  }

  private void keep(RotationRecord record) {
    try {
      files.put(record);
    } catch (CertificateStoreException notKept) {
      // After a restart the issuer is told once more: it knows that then.
      LOG.warn("Identity {}: {}", record.identity(), notKept.getMessage());
    }
  }
}
