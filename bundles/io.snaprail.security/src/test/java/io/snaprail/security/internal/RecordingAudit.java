package io.snaprail.security.internal;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what is audited; can be made to fail. */
public final class RecordingAudit implements AuditLog {
  public final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  public volatile boolean unavailable;

  @Override
  public void record(AuditEvent event) throws AuditUnavailableException {
    if (unavailable) {
      throw new AuditUnavailableException("audit.jsonl cannot be written", new IOException("full"));
    }
    events.add(event);
  }
}
