package io.snaprail.api.health;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The problems that exist now. Whoever finds one puts it here; the board logs each once when it
 * comes and once when it goes, and the console and the health API show what is on it. Safe for any
 * thread.
 */
@ProviderType
public interface ProblemBoard {
  /**
   * Replaces all problems of one source. Problems that are equal to those before keep their time.
   *
   * @param source who reports, such as a PID or a component's name; its problems are replaced
   *     together
   * @param problems empty when all is well
   */
  void report(String source, List<Problem> problems);

  /** Everything that is wrong now, errors first, then by time. */
  List<Entry> problems();

  /**
   * A problem on the board.
   *
   * @param source who reported it
   * @param problem what it is
   * @param since when it was first reported
   */
  record Entry(String source, Problem problem, Instant since) {}
}
