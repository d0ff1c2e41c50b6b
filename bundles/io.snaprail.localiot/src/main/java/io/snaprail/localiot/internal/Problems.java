package io.snaprail.localiot.internal;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.localiot.internal.service.Faults;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The endpoint's problems, one for each matter, reported together. Safe for any thread. */
final class Problems implements Faults {
  private final ProblemBoard board;
  private final String source;
  private final String subject;
  private final Map<String, Problem> problems = new TreeMap<>();

  Problems(ProblemBoard board, String source, String subject) {
    this.board = board;
    this.source = source;
    this.subject = subject;
  }

  @Override
  public void report(String matter, String message) {
    List<Problem> now;
    synchronized (problems) {
      problems.put(matter, new Problem(Problem.Severity.ERROR, subject, message));
      now = List.copyOf(problems.values());
    }
    board.report(source, now);
  }

  @Override
  public void resolve(String matter) {
    List<Problem> now;
    synchronized (problems) {
      if (problems.remove(matter) == null) {
        return;
      }
      now = List.copyOf(problems.values());
    }
    board.report(source, now);
  }

  /** All is well, or nobody cares any more. */
  void clear() {
    synchronized (problems) {
      problems.clear();
    }
    board.report(source, List.of());
  }
}
