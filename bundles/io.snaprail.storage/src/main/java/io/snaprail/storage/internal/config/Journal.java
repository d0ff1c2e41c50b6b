package io.snaprail.storage.internal.config;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditEvent.Action;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.storage.internal.config.Change.Origin;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the good versions and records who changed what, later and on one thread, so that nobody who
 * changes a configuration waits for it. A change that cannot be recorded is not undone: it becomes
 * a problem on the board and is tried again.
 */
final class Journal {
  private static final int MAX_WAITING_EVENTS = 256;

  private final ConfigFolder folder;
  private final History history;
  private final Supplier<@Nullable AuditLog> auditLog;

  private final Map<Deed, Set<String>> pending = new LinkedHashMap<>();
  private final Deque<AuditEvent> events = new ArrayDeque<>();
  private final Map<String, String> failures = new TreeMap<>();
  private long dropped;

  /** What becomes one event: changes of a PID, by one and the same. */
  private record Deed(String pid, Origin origin, Actor actor) {}

  Journal(ConfigFolder folder, History history, Supplier<@Nullable AuditLog> auditLog) {
    this.folder = folder;
    this.history = history;
    this.auditLog = auditLog;
  }

  /**
   * Takes note of a change, and of whoever this thread works for; several of one PID become one.
   */
  void add(Change change) {
    String origin = change.origin() == Origin.FILE ? "file" : "configuration admin";
    Actor actor = Actor.current().orElse(Actor.system(origin));
    Deed deed = new Deed(change.pid(), change.origin(), actor);
    synchronized (pending) {
      pending.computeIfAbsent(deed, unused -> new TreeSet<>()).addAll(change.keys());
    }
  }

  /** Keeps what was found at the start; what was edited while nobody watched is recorded. */
  synchronized void begin() {
    for (String pid : folder.pids()) {
      if (keep(pid)) {
        record(pid, Actor.system("file"), Map.of("changed", "while the gateway was stopped"));
      }
    }
    flushEvents();
  }

  /** Writes down what waits. */
  synchronized void flush() {
    Map<Deed, Set<String>> deeds;
    synchronized (pending) {
      deeds = new LinkedHashMap<>(pending);
      pending.clear();
    }
    deeds.forEach(
        (deed, keys) -> {
          keep(deed.pid());
          if (deed.origin() != Origin.SCHEMA) {
            boolean gone = folder.values(deed.pid()) == null;
            String what = gone ? "removed" : String.join(",", keys);
            record(deed.pid(), deed.actor(), Map.of("changed", what));
          }
        });
    flushEvents();
  }

  /** Why something could not be written down, by what; empty when all was. */
  synchronized Map<String, String> failures() {
    return new TreeMap<>(failures);
  }

  /** Whether another version was kept before. */
  private boolean keep(String pid) {
    byte[] text = folder.goodText(pid);
    try {
      boolean another = text != null && history.keep(pid, text);
      failures.remove("history");
      return another;
    } catch (IOException e) {
      failures.put(
          "history",
          "earlier versions of configurations cannot be kept: " + e + "; check the disk");
      return false;
    }
  }

  private void record(String pid, Actor actor, Map<String, String> details) {
    if (events.size() == MAX_WAITING_EVENTS) {
      events.removeFirst();
      dropped++;
    }
    events.addLast(actor.event(Action.CONFIGURATION, pid, "ok", details));
  }

  private void flushEvents() {
    AuditLog log = events.isEmpty() ? null : auditLog.get();
    while (log != null && !events.isEmpty()) {
      try {
        log.record(events.getFirst());
        events.removeFirst();
        failures.remove("audit");
      } catch (AuditUnavailableException e) {
        failures.put(
            "audit",
            events.size()
                + " configuration changes are in force but not in the audit log yet, "
                + dropped
                + " never will be: "
                + e.getMessage());
        return;
      }
    }
  }
}
