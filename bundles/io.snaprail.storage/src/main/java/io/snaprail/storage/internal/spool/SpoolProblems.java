package io.snaprail.storage.internal.spool;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What is wrong with a spool, for the board. Any thread may note; one alone passes it on. */
final class SpoolProblems {
  private final ProblemBoard board;
  private final String source;
  private final String subject;
  private final Map<String, Problem> notes = new ConcurrentSkipListMap<>();
  private List<Problem> reported = List.of();

  SpoolProblems(ProblemBoard board, String name) {
    this.board = board;
    this.source = "spool:" + name;
    this.subject = "spool " + name;
  }

  void error(String key, String message) {
    notes.put(key, new Problem(Severity.ERROR, subject, message));
  }

  void warning(String key, String message) {
    notes.put(key, new Problem(Severity.WARNING, subject, message));
  }

  void clear(String key) {
    notes.remove(key);
  }

  /** What went wrong, for a message. */
  static String reason(IOException cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** Tells the board what has changed. */
  void pass() {
    List<Problem> now = List.copyOf(notes.values());
    if (!now.equals(reported)) {
      reported = now;
      board.report(source, now);
    }
  }

  void close() {
    notes.clear();
    pass();
  }
}
