package io.snaprail.core.internal.commands;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.CommandOutcome.Status;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.points.Scaling;
import io.snaprail.core.internal.poller.Poller;
import io.snaprail.core.internal.poller.Written;
import io.snaprail.core.internal.registry.DeviceRegistry;
import io.snaprail.core.internal.registry.ManagedDevice;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command gate. Checks and audit run on one thread of its own, the write on the lane of the
 * device's bus.
 */
@Component(service = CommandGate.class)
public final class Gate implements CommandGate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  /** Commands that may wait for their checks or be under way; more are refused. */
  private static final int MAX_PENDING = 1_000;

  /** How long after its expiry a write that has begun may still end with an outcome of its own. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final DeviceRegistry registry;
  private final Clock clock;
  private final Duration grace;
  private final Outcomes outcomes = new Outcomes();
  private final AtomicInteger pending = new AtomicInteger();
  private final ScheduledThreadPoolExecutor worker;

  private final AtomicReference<@Nullable AuditLog> audit = new AtomicReference<>();

  /** A gate in front of the registry's devices. */
  @Activate
  public Gate(@Reference DeviceRegistry registry) {
    this(registry, Clock.systemUTC(), GRACE);
  }

  Gate(DeviceRegistry registry, Clock clock, Duration grace) {
    this.registry = registry;
    this.clock = clock;
    this.grace = grace;
    worker =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "snaprail-commands");
              thread.setDaemon(true);
              return thread;
            });
    worker.setRemoveOnCancelPolicy(true);
  }

  @Deactivate
  void stop() {
    worker.shutdownNow();
    // Nobody is left waiting for what the worker can no longer tell.
    outcomes
        .open()
        .forEach(
            (id, open) ->
                open.complete(new CommandOutcome(id, Status.UNKNOWN, "the gateway stopped")));
  }

  /**
   * Optional and replaceable: the gate stands before the audit log does, and refuses until then.
   */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindAudit(AuditLog log) {
    audit.set(log);
  }

  void unbindAudit(AuditLog log) {
    audit.compareAndSet(log, null);
  }

  @Override
  public CompletionStage<CommandOutcome> submit(WriteCommand command) {
    CompletableFuture<CommandOutcome> mine = new CompletableFuture<>();
    CompletableFuture<CommandOutcome> earlier = outcomes.claim(command.id(), mine);
    if (earlier != null) {
      return earlier.copy();
    }
    if (pending.incrementAndGet() > MAX_PENDING) {
      pending.decrementAndGet();
      String message = "more than " + MAX_PENDING + " commands are waiting; try again later";
      mine.complete(new CommandOutcome(command.id(), Status.REJECTED, message));
      return mine.copy();
    }
    mine.whenComplete((outcome, failure) -> pending.decrementAndGet());
    try {
      worker.execute(() -> begin(command, mine));
    } catch (RejectedExecutionException e) {
      mine.complete(new CommandOutcome(command.id(), Status.REJECTED, "the gateway is stopping"));
    }
    return mine.copy();
  }

  /** On the worker: whatever fails must end in an outcome. */
  private void begin(WriteCommand command, CompletableFuture<CommandOutcome> done) {
    try {
      check(command, done);
    } catch (RuntimeException e) {
      LOG.error("Command {} failed in the gate", command.id(), e);
      finish(command, done, Status.REJECTED, "the gate failed: " + e);
    }
  }

  private void check(WriteCommand command, CompletableFuture<CommandOutcome> done) {
    ManagedDevice device = registry.find(command.device());
    PointDefinition point = device == null ? null : device.definition(command.point());
    if (device == null || point == null) {
      String missing =
          device == null
              ? "no device is called '" + command.device() + "'"
              : "device '" + command.device() + "' has no point '" + command.point() + "'";
      finish(command, done, Status.NOT_FOUND, missing);
      return;
    }
    long leftMillis = Duration.between(clock.instant(), command.expiresAt()).toMillis();
    if (leftMillis <= 0) {
      finish(command, done, Status.EXPIRED, "expired at " + command.expiresAt());
      return;
    }
    Poller.Placement placement = device.placement();
    String refusal =
        placement == null
            ? "device '" + command.device() + "' is not in use: " + device.status().message()
            : Rules.refusal(point, command.value());
    if (placement == null || refusal != null) {
      finish(command, done, Status.REJECTED, String.valueOf(refusal));
      return;
    }
    String unaudited = record(command, "attempt", "");
    if (unaudited != null) {
      done.complete(new CommandOutcome(command.id(), Status.REJECTED, unaudited));
      return;
    }
    write(command, placement, point, leftMillis, done);
  }

  private void write(
      WriteCommand command,
      Poller.Placement placement,
      PointDefinition point,
      long leftMillis,
      CompletableFuture<CommandOutcome> done) {
    Value raw = new Scaling(point).toRaw(command.value());
    CompletableFuture<Written> write = placement.write(point, raw, command.readBack());
    // A write that waits behind a busy bus for too long is taken back; one that has begun is not.
    var expiry =
        worker.schedule(
            () -> {
              if (write.cancel(false)) {
                finish(command, done, Status.EXPIRED, "the bus was busy until it expired");
              } else {
                worker.schedule(
                    () -> giveUp(command, done), grace.toMillis(), TimeUnit.MILLISECONDS);
              }
            },
            leftMillis,
            TimeUnit.MILLISECONDS);
    write.whenComplete(
        (written, failure) -> {
          expiry.cancel(false);
          if (!write.isCancelled()) {
            CommandOutcome outcome =
                failure == null
                    ? Verdicts.confirmed(command, raw, written)
                    : Verdicts.failed(command, failure);
            afterwards(() -> finish(command, done, outcome), command, done);
          }
        });
  }

  /** Whoever sent the command gets an outcome even when the driver never returns. */
  private void giveUp(WriteCommand command, CompletableFuture<CommandOutcome> done) {
    if (!done.isDone()) {
      finish(command, done, Status.UNKNOWN, "the driver has not ended the write");
    }
  }

  /** Back from the lane to the worker, as the audit log waits for the disk. */
  private void afterwards(
      Runnable task, WriteCommand command, CompletableFuture<CommandOutcome> done) {
    try {
      worker.execute(task);
    } catch (RejectedExecutionException e) {
      done.complete(
          new CommandOutcome(command.id(), Status.UNKNOWN, "the gateway stopped meanwhile"));
    }
  }

  private void finish(
      WriteCommand command, CompletableFuture<CommandOutcome> done, Status status, String message) {
    finish(command, done, new CommandOutcome(command.id(), status, message));
  }

  private void finish(
      WriteCommand command, CompletableFuture<CommandOutcome> done, CommandOutcome outcome) {
    String unaudited = record(command, outcome.status().name(), outcome.message());
    if (unaudited != null) {
      LOG.error("Outcome {} of command {} is not in the audit log", outcome.status(), command.id());
    }
    done.complete(outcome);
  }

  /** Null when the line is in the audit log, else why it is not. */
  private @Nullable String record(WriteCommand command, String outcome, String message) {
    AuditLog log = audit.get();
    if (log == null) {
      return "the audit log is not available, so nothing is written";
    }
    try {
      log.record(
          new AuditEvent(
              AuditEvent.Action.WRITE,
              command.actor(),
              command.origin(),
              command.device() + "/" + command.point(),
              outcome,
              Map.of("id", command.id(), "value", command.value().text(), "message", message)));
      return null;
    } catch (AuditUnavailableException | RuntimeException e) {
      // Undeclared too: without an outcome the command would wait for ever.
      return "the audit log cannot be written, so nothing is written: " + e.getMessage();
    }
  }
}
