package io.snaprail.core.internal.commissioning;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.Commissioning.Run;
import io.snaprail.api.runtime.Commissioning.Run.State;
import io.snaprail.api.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs under way, each on a thread of its own, and those that ended lately. */
final class Runs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** Ended runs that are kept at most, however young. */
  private static final int MAX_KEPT = 50;

  /** Longest parameter that stands in the audit log as a whole, in characters. */
  private static final int MAX_AUDITED = 4_096;

  private static final long STOP_NANOS = Duration.ofSeconds(5).toNanos();

  private final BusQueue buses;
  private final Supplier<@Nullable AuditLog> audit;
  private final Duration kept;

  /** A tool that does not end when it should keeps its place. */
  private final Semaphore places = new Semaphore(Commissioning.MAX_RUNS);

  /** In the order of their beginning. Guarded by this. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Guarded by this. */
  private boolean closed;

  private record Entry(ActiveRun run, long driver, Thread thread) {}

  Runs(BusQueue buses, Supplier<@Nullable AuditLog> audit) {
    this(buses, audit, KEPT);
  }

  /** For tests: keeps what has ended for another time. */
  Runs(BusQueue buses, Supplier<@Nullable AuditLog> audit, Duration kept) {
    this.buses = buses;
    this.audit = audit;
    this.kept = kept;
  }

  BusQueue buses() {
    return buses;
  }

  /** What the audit log will be told of a run that is about to begin. */
  Trail trail(Principal actor, String pid, String tool, Map<String, String> parameters) {
    Map<String, String> details = new LinkedHashMap<>();
    parameters.forEach((id, text) -> details.put("parameter." + id, shortened(text)));
    return new Trail(audit, actor, pid + "/" + tool, UUID.randomUUID().toString(), details);
  }

  private static String shortened(String text) {
    return text.length() <= MAX_AUDITED
        ? text
        : text.substring(0, MAX_AUDITED) + "... (" + text.length() + " characters)";
  }

  /**
   * Begins a run.
   *
   * @param driver service id of the driver that it needs
   * @throws IllegalStateException when too many are under way
   */
  Run begin(long driver, ActiveRun run, Job job) {
    if (!places.tryAcquire()) {
      throw new IllegalStateException(
          Commissioning.MAX_RUNS + " runs are under way: wait for one to end, or cancel one");
    }
    boolean started = false;
    try {
      Thread thread = new Thread(() -> carryOut(run, job), "snaprail-tool-" + run.id());
      thread.setDaemon(true);
      keep(new Entry(run, driver, thread));
      thread.start();
      started = true;
    } finally {
      if (!started) {
        places.release();
        run.end(State.FAILED, "it could not be started");
      }
    }
    return run.snapshot();
  }

  private synchronized void keep(Entry entry) {
    if (closed) {
      throw new IllegalStateException("the gateway stops");
    }
    forgetOld();
    entries.put(entry.run.id(), entry);
  }

  /** Under the lock. */
  private void forgetOld() {
    entries.values().removeIf(entry -> entry.run.endedBefore(kept.toNanos()));
    int surplus = entries.size() - MAX_KEPT;
    var oldest = entries.values().iterator();
    while (surplus > 0 && oldest.hasNext()) {
      if (!oldest.next().run.going()) {
        oldest.remove();
        surplus--;
      }
    }
  }

  /** The whole of a run, on its thread. */
  private void carryOut(ActiveRun run, Job job) {
    try {
      String unaudited = run.trail().record(Trail.ATTEMPT, "message", "");
      if (unaudited != null) {
        run.end(State.FAILED, unaudited);
        return;
      }
      attempt(run, job);
      conclude(run);
    } catch (Throwable e) {
      LOG.error("Run {} of {} failed", run.id(), run.trail().subject(), e);
      run.end(State.FAILED, "the gateway failed: " + e);
    } finally {
      places.release();
    }
  }

  private static void attempt(ActiveRun run, Job job) {
    try {
      run.begin();
      job.run(run);
      run.end(State.DONE, "");
    } catch (InterruptedException e) {
      // Whoever ended the run has said why; else the tool has interrupted itself.
      run.end(State.FAILED, "it was interrupted");
    } catch (DriverException | IllegalArgumentException e) {
      if (e.getCause() instanceof RuntimeException || e.getCause() instanceof Error) {
        LOG.error("Run {} of {}: its driver failed", run.id(), run.trail().subject(), e);
      }
      run.end(State.FAILED, String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      // A tool is a driver's: whatever it does must end as a run that failed.
      LOG.error("Run {} of {}: its driver failed", run.id(), run.trail().subject(), e);
      run.end(State.FAILED, "the driver failed in a way it does not declare: " + e);
    } finally {
      run.leave();
    }
  }

  private static void conclude(ActiveRun run) {
    Run ended = run.snapshot();
    String outcome =
        switch (ended.state()) {
          case RUNNING, DONE -> "ok";
          case FAILED -> "failed";
          case CANCELLED -> "cancelled";
        };
    if (run.trail().record(outcome, "message", ended.message()) != null) {
      LOG.error("Outcome {} of run {} is not in the audit log", ended.state(), run.id());
    }
  }

  synchronized Optional<Run> find(String id) {
    forgetOld();
    return Optional.ofNullable(entries.get(id)).map(entry -> entry.run.seen());
  }

  void cancel(String id) {
    Entry entry;
    synchronized (this) {
      entry = entries.get(id);
    }
    if (entry != null) {
      entry.run.end(State.CANCELLED, "cancelled");
    }
  }

  /** Ends the runs that need a driver. */
  void driverGone(long driver) {
    for (Entry entry : copy()) {
      if (entry.driver == driver) {
        entry.run.end(
            State.FAILED, "its driver has gone away meanwhile; run it again when it is back");
      }
    }
  }

  private synchronized List<Entry> copy() {
    return new ArrayList<>(entries.values());
  }

  /** Ends every run; takes 5 s at most. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    List<Entry> all = copy();
    all.forEach(entry -> entry.run.end(State.CANCELLED, "the gateway stops"));
    long end = System.nanoTime() + STOP_NANOS;
    try {
      for (Entry entry : all) {
        entry.thread.join(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
