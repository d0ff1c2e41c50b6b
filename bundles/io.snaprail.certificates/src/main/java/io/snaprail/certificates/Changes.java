package io.snaprail.certificates;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateStoreException;
import java.time.Duration;
import java.util.Map;

/** Audits every change before it happens, refuses it when it cannot be, and tells who listens. */
final class Changes {
  private final AuditLog audit;
  private final CertificateWatch watch;

  Changes(AuditLog audit, CertificateWatch watch) {
    this.audit = audit;
    this.watch = watch;
  }

  /** A change of what is on disk. */
  @FunctionalInterface
  interface Change {
    void run() throws CertificateStoreException;
  }

  /**
   * Makes a change.
   *
   * @param name of what is changed
   * @param what happens to it, for the audit log
   */
  void make(String name, String what, Change change) throws CertificateStoreException {
    record(name, "ok", what);
    try {
      change.run();
    } catch (CertificateStoreException failure) {
      try {
        record(name, "failed", what);
      } catch (CertificateStoreException notAudited) {
        failure.addSuppressed(notAudited);
      }
      throw failure;
    }
    watch.changed(name);
  }

  /** What is wrong may be another in a while. */
  void checkAnew(Duration after) {
    watch.checkAnew(after);
  }

  /** Nothing has changed, but users of a name are to ask anew in a while. */
  void askAnew(String name, Duration after) {
    watch.changed(name, after);
  }

  private void record(String name, String outcome, String what) throws CertificateStoreException {
    try {
      audit.record(
          new AuditEvent(
              AuditEvent.Action.CERTIFICATE,
              "system",
              "certificates",
              name,
              outcome,
              Map.of("change", what)));
    } catch (AuditUnavailableException unavailable) {
      throw new CertificateStoreException(String.valueOf(unavailable.getMessage()), unavailable);
    }
  }
}
