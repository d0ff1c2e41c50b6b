package io.snaprail.core.internal.problems;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what is wrong now, by source, and logs it once when it comes and once when it goes. */
@Component(service = ProblemBoard.class)
public final class Board implements ProblemBoard {
  private static final Logger LOG = LoggerFactory.getLogger("io.snaprail.problems");

  private final Clock clock;
  private final Map<String, Map<Problem, Instant>> bySource = new LinkedHashMap<>();

  /** A board that stamps with the system's clock. */
  @Activate
  public Board() {
    this(Clock.systemUTC());
  }

  Board(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void report(String source, List<Problem> problems) {
    List<Problem> came = new ArrayList<>();
    List<Problem> went;
    synchronized (bySource) {
      Map<Problem, Instant> before = bySource.getOrDefault(source, Map.of());
      Map<Problem, Instant> now = new LinkedHashMap<>();
      for (Problem problem : problems) {
        Instant since = before.get(problem);
        if (since == null && !now.containsKey(problem)) {
          came.add(problem);
        }
        now.putIfAbsent(problem, since == null ? clock.instant() : since);
      }
      went = before.keySet().stream().filter(p -> !now.containsKey(p)).toList();
      if (now.isEmpty()) {
        bySource.remove(source);
      } else {
        bySource.put(source, now);
      }
    }
    log(came, went);
  }

  private static void log(List<Problem> came, List<Problem> went) {
    for (Problem problem : came) {
      if (problem.severity() == Problem.Severity.ERROR) {
        LOG.error("{}: {}", problem.subject(), problem.message());
      } else {
        LOG.warn("{}: {}", problem.subject(), problem.message());
      }
    }
    // A problem whose text merely changed is not solved.
    for (Problem problem : went) {
      if (came.stream().noneMatch(p -> p.subject().equals(problem.subject()))) {
        LOG.info("{}: solved: {}", problem.subject(), problem.message());
      }
    }
  }

  @Override
  public List<Entry> problems() {
    List<Entry> entries = new ArrayList<>();
    synchronized (bySource) {
      bySource.forEach(
          (source, problems) ->
              problems.forEach((problem, since) -> entries.add(new Entry(source, problem, since))));
    }
    entries.sort(
        Comparator.comparing((Entry e) -> e.problem().severity())
            .reversed()
            .thenComparing(Entry::since));
    return List.copyOf(entries);
  }
}
