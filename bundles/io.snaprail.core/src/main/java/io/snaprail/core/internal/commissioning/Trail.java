package io.snaprail.core.internal.commissioning;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the audit log is told of one run: that somebody wants it, each bus before it is used, and
 * what came of it. Settings are left out, as they may name secrets.
 *
 * @param log gives the audit log, or null while there is none
 * @param subject the factory PID and the tool
 * @param id of the run
 * @param details the parameters
 */
record Trail(
    Supplier<@Nullable AuditLog> log,
    Principal actor,
    String subject,
    String id,
    Map<String, String> details) {
  static final String ATTEMPT = "attempt";
  private static final String ORIGIN = "commissioning";

  /**
   * Records a line.
   *
   * @return null when it is in the log, else why it is not
   */
  @Nullable String record(String outcome, String key, String text) {
    AuditLog there = log.get();
    if (there == null) {
      return "the audit log is not available, so nothing is run";
    }
    Map<String, String> all = new HashMap<>(details);
    all.put("id", id);
    all.put(key, text);
    try {
      there.record(
          new AuditEvent(AuditEvent.Action.TOOL, actor.name(), ORIGIN, subject, outcome, all));
      return null;
    } catch (AuditUnavailableException | RuntimeException e) {
      // Undeclared too: the run must come to an end that people are told.
      return "the audit log cannot be written, so nothing is run: " + e.getMessage();
    }
  }
}
