package io.snaprail.security;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits jumps of the system clock: without them the times in the audit log cannot be read.
 * Compares it with the monotonic clock every 30 seconds; what a time service corrects in small
 * steps stays below the 5 seconds that count as a jump.
 */
@Component(service = {})
public final class ClockAudit {
  private static final Logger LOG = LoggerFactory.getLogger(ClockAudit.class);
  private static final Duration JUMP = Duration.ofSeconds(5);
  private static final long PERIOD_SECONDS = 30;

  private final AuditLog audit;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService executor;
  private Instant lastTime;
  private long lastNanos;

  /** Begins to compare. */
  @Activate
  public ClockAudit(@Reference AuditLog audit) {
    this(audit, Clock.systemUTC(), System::nanoTime);
    executor.scheduleWithFixedDelay(this::check, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  ClockAudit(AuditLog audit, Clock clock, LongSupplier nanoTime) {
    this.audit = audit;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.lastTime = clock.instant();
    this.lastNanos = nanoTime.getAsLong();
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-security-clock");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Compares; called by one thread. */
  void check() {
    Instant time = clock.instant();
    long nanos = nanoTime.getAsLong();
    Instant expected = lastTime.plusNanos(nanos - lastNanos);
    lastTime = time;
    lastNanos = nanos;
    Duration jump = Duration.between(expected, time);
    if (jump.abs().compareTo(JUMP) < 0) {
      return;
    }
    LOG.warn("The system clock jumped by {} s, to {}", jump.toSeconds(), time);
    Map<String, String> details =
        Map.of("expected", expected.toString(), "seconds", String.valueOf(jump.toSeconds()));
    try {
      audit.record(
          new AuditEvent(AuditEvent.Action.CLOCK, "system", "system", "clock", "ok", details));
    } catch (AuditUnavailableException unavailable) {
      LOG.debug("Not audited: the clock's jump of {} s", jump.toSeconds());
    }
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    executor.shutdownNow();
    if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
      LOG.warn("The watch over the clock did not end within 2 s");
    }
  }
}
