package io.snaprail.api.audit;

import org.osgi.annotation.versioning.ProviderType;

/** The append-only record of changes. Safe for any thread. */
@ProviderType
public interface AuditLog {
  /**
   * Appends an event and makes it durable before returning.
   *
   * @throws AuditUnavailableException when it cannot be written; the caller then refuses the change
   */
  void record(AuditEvent event) throws AuditUnavailableException;
}
