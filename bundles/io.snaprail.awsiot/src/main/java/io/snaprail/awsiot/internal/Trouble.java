package io.snaprail.awsiot.internal;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is wrong with the parts of a connector: one entry each on the problem board. */
final class Trouble {
  private final ProblemBoard board;
  private final String source;
  private final String subject;
  private final Map<String, String> known = new TreeMap<>();

  Trouble(ProblemBoard board, String source, String subject) {
    this.board = board;
    this.source = source;
    this.subject = subject;
  }

  /** Notes what is wrong with a part; null when all is well again. */
  synchronized void note(String part, @Nullable String words) {
    String before = words == null ? known.remove(part) : known.put(part, words);
    if (words == null ? before != null : !words.equals(before)) {
      List<Problem> problems =
          known.entrySet().stream()
              .map(
                  entry ->
                      new Problem(
                          Problem.Severity.WARNING,
                          subject,
                          entry.getKey() + ": " + entry.getValue()))
              .toList();
      board.report(source, problems);
    }
  }

  synchronized void clear() {
    known.clear();
    board.report(source, List.of());
  }
}
