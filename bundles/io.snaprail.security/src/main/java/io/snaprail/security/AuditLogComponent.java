package io.snaprail.security;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.health.Problem;
import io.snaprail.security.internal.AuditJournal;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The {@link AuditLog} service: {@code <data>/audit/audit.jsonl}. It is there even when the file
 * cannot be written: then it refuses, and with it every change, while polling goes on.
 */
@Component(service = AuditLog.class)
public final class AuditLogComponent implements AuditLog {
  private static final String SOURCE = "io.snaprail.security.AuditLog";

  private final AuditJournal journal;
  private final SecurityProblems problems;
  private final AtomicBoolean failing = new AtomicBoolean();

  /** Opens nothing yet: the first event does. */
  @Activate
  public AuditLogComponent(BundleContext context, @Reference SecurityProblems problems) {
    this(new AuditJournal(DataFolder.of(context).resolve("audit"), Clock.systemUTC()), problems);
  }

  AuditLogComponent(AuditJournal journal, SecurityProblems problems) {
    this.journal = journal;
    this.problems = problems;
  }

  @Override
  public void record(AuditEvent event) throws AuditUnavailableException {
    try {
      journal.append(event);
    } catch (IOException failure) {
      String message =
          "The audit log %s cannot be written (%s), so changes are refused. Make room on the disk, or let the gateway's user write there."
              .formatted(journal.file(), failure);
      failing.set(true);
      problems.report(
          SOURCE, List.of(new Problem(Problem.Severity.ERROR, journal.file().toString(), message)));
      throw new AuditUnavailableException(message, failure);
    }
    if (failing.compareAndSet(true, false)) {
      problems.report(SOURCE, List.of());
    }
  }

  @Deactivate
  void deactivate() throws IOException {
    journal.close();
  }
}
