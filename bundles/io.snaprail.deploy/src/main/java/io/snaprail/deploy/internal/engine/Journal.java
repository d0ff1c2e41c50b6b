package io.snaprail.deploy.internal.engine;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Services;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders in the audit log: before anything is done, and with their end. */
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private final Supplier<@Nullable AuditLog> audit;

  Journal(Services services) {
    this.audit = services.one(AuditLog.class);
  }

  /** An order begins; what cannot be written down is not done. */
  void begins(DeploymentOrder order) throws DeployException {
    AuditLog log = Services.require(audit.get(), "the audit log");
    try {
      log.record(event(order, order.symbolicName(), "attempt", ""));
    } catch (AuditUnavailableException e) {
      throw DeployException.failed(
          "the audit log cannot be written, so nothing is done: " + e.getMessage());
    }
  }

  /** It has ended. */
  void ended(DeploymentOrder order, DeploymentState end) {
    String outcome =
        switch (end.phase()) {
          case DONE -> "ok";
          case REFUSED -> "refused";
          default -> "failed";
        };
    AuditLog log = audit.get();
    try {
      if (log != null) {
        log.record(event(order, end.symbolicName(), outcome, end.message()));
      }
    } catch (AuditUnavailableException e) {
      // It has happened already; the audit log has put itself on the problem board.
      LOG.warn("not audited: order '{}' is {}", order.id(), outcome);
    }
  }

  private static AuditEvent event(
      DeploymentOrder order, String bundle, String outcome, String words) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("order", order.id());
    details.put("change", order.action().name().toLowerCase(java.util.Locale.ROOT));
    if (!order.sha256().isEmpty()) {
      details.put("sha256", order.sha256());
    }
    if (!words.isEmpty()) {
      details.put("message", words);
    }
    return new AuditEvent(
        AuditEvent.Action.BUNDLE,
        order.actor(),
        order.origin(),
        bundle.isEmpty() ? "?" : bundle,
        outcome,
        details);
  }
}
