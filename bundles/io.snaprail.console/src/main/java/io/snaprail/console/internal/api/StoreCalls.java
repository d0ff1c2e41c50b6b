package io.snaprail.console.internal.api;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import java.util.Map;

/** Calls of the certificate store whose refusals are answers, and whose changes are audited. */
final class StoreCalls {
  private final Services services;

  StoreCalls(Services services) {
    this.services = services;
  }

  /** Something that the store may refuse. */
  @FunctionalInterface
  interface Call {
    Reply make(CertificateStore store) throws CertificateStoreException, Refusal;
  }

  CertificateStore store() throws Refusal {
    return services
        .certificates()
        .orElseThrow(() -> RequestRules.starting("the certificate store is"));
  }

  /** Asks the store. */
  Reply ask(Call call) throws Refusal {
    try {
      return call.make(store());
    } catch (CertificateStoreException | IllegalArgumentException e) {
      throw new Refusal(422, "certificate", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Changes something. The store records what it does; who wanted it is known here only.
   *
   * @param subject what is changed
   */
  Reply change(ApiRequest request, String subject, String change, Call call) throws Refusal {
    AuditEvent event =
        new AuditEvent(
            AuditEvent.Action.CERTIFICATE,
            request.caller().actor(),
            request.http().getRemoteAddr(),
            subject,
            "attempt",
            Map.of("change", change));
    try {
      services.audit().orElseThrow(() -> RequestRules.starting("the audit log is")).record(event);
    } catch (AuditUnavailableException e) {
      throw TokenRoutes.unaudited(e);
    }
    return ask(call);
  }
}
