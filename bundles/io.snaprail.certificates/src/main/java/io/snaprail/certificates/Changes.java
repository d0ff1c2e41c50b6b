package io.snaprail.certificates;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateStoreException;
import java.time.Duration;
import java.util.Map;

/** Audits every change before it happens, refuses it when it cannot be, and tells who listens. */
final class Changes {
  private final AuditLines audit;
  private final CertificateWatch watch;

  Changes(AuditLog audit, CertificateWatch watch) {
    this.audit = new AuditLines(audit);
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
    audit.add(name, "ok", Map.of("change", what));
    try {
      change.run();
    } catch (CertificateStoreException failure) {
      try {
        audit.add(name, "failed", Map.of("change", what));
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
}
