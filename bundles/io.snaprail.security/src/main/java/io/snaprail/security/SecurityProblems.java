package io.snaprail.security;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the problems of this bundle to the board, whenever there is one: secrets must be there
 * before the board is, and must not go when it goes.
 */
@Component(service = SecurityProblems.class)
public final class SecurityProblems {
  private static final Logger LOG = LoggerFactory.getLogger(SecurityProblems.class);

  private final Map<String, List<Problem>> bySource = new ConcurrentHashMap<>();
  private volatile @Nullable ProblemBoard board;

  /** Starts with no problem and no board. */
  @Activate
  public SecurityProblems() {}

  /** Replaces the problems of one source; see {@link ProblemBoard#report}. */
  public void report(String source, List<Problem> problems) {
    List<Problem> before = bySource.put(source, List.copyOf(problems));
    ProblemBoard present = board;
    if (present != null) {
      present.report(source, problems);
    } else if (!problems.equals(before)) {
      // The board would log it; without one a person must still learn of it.
      problems.forEach(problem -> LOG.error("{}: {}", problem.subject(), problem.message()));
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindBoard")
  void bindBoard(ProblemBoard added) {
    board = added;
    bySource.forEach(added::report);
  }

  void unbindBoard(ProblemBoard removed) {
    if (board == removed) {
      board = null;
    }
  }
}
