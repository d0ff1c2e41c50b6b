package io.snaprail.certificates;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateStoreException;
import java.util.Map;

/** Lines of the audit log: by whoever this thread works for, else by the gateway itself. */
record AuditLines(AuditLog log) {
  private static final Actor NOBODY = Actor.system("certificates");

  /** Appends one; when it cannot be, the change is to be refused. */
  void add(String name, String outcome, Map<String, String> details)
      throws CertificateStoreException {
    Actor actor = Actor.current().orElse(NOBODY);
    try {
      log.record(actor.event(AuditEvent.Action.CERTIFICATE, name, outcome, details));
    } catch (AuditUnavailableException unavailable) {
      throw new CertificateStoreException(String.valueOf(unavailable.getMessage()), unavailable);
    }
  }
}
