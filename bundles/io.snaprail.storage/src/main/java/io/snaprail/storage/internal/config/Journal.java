package io.snaprail.storage.internal.config;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditEvent.Action;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.storage.internal.config.Change.Origin;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
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

  private final Map<String, Change> pending = new LinkedHashMap<>();
  private final Deque<AuditEvent> events = new ArrayDeque<>();
  private final Map<String, String> failures = new TreeMap<>();
  private long dropped;

  Journal(ConfigFolder folder, History history, Supplier<@Nullable AuditLog> auditLog) {
    this.folder = folder;
    this.history = history;
    this.auditLog = auditLog;
  }

  /** Takes note of a change; several of one PID become one. */
  void add(Change change) {
    synchronized (pending) {
      pending.merge(
          change.origin() + change.pid(),
          change,
          (a, b) -> {
            Set<String> keys = new TreeSet<>(a.keys());
            keys.addAll(b.keys());
            return new Change(a.pid(), a.origin(), keys);
          });
    }
  }

  /** Keeps what was found at the start; what was edited while nobody watched is recorded. */
  synchronized void begin() {
    for (String pid : folder.pids()) {
      if (keep(pid)) {
        record(pid, "file", Map.of("changed", "while the gateway was stopped"));
      }
    }
    flushEvents();
  }

  /** Writes down what waits. */
  synchronized void flush() {
    List<Change> changes;
    synchronized (pending) {
      changes = List.copyOf(pending.values());
      pending.clear();
    }
    for (Change change : changes) {
      keep(change.pid());
      if (change.origin() != Origin.SCHEMA) {
        String origin = change.origin() == Origin.FILE ? "file" : "configuration admin";
        boolean gone = folder.values(change.pid()) == null;
        String what = gone ? "removed" : String.join(",", new TreeSet<>(change.keys()));
        record(change.pid(), origin, Map.of("changed", what));
      }
    }
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

  private void record(String pid, String origin, Map<String, String> details) {
    if (events.size() == MAX_WAITING_EVENTS) {
      events.removeFirst();
      dropped++;
    }
    events.addLast(new AuditEvent(Action.CONFIGURATION, "system", origin, pid, "ok", details));
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
