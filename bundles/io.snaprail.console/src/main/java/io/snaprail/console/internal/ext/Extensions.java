package io.snaprail.console.internal.ext;

import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The extensions that are there. Reading takes no lock; nobody is called under one. */
public final class Extensions {
  private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);
  private static final String SOURCE = "io.snaprail.console.extensions";

  private final Supplier<Optional<ProblemBoard>> board;

  // In the order in which they came, those that wait for a name included; guarded by this.
  private final List<Extension> present = new ArrayList<>();
  private final IdentityHashMap<ConsoleExtension, Problem> refused = new IdentityHashMap<>();

  private volatile List<Extension> shown = List.of();

  /**
   * None yet.
   *
   * @param board for what is wrong with extensions
   */
  public Extensions(Supplier<Optional<ProblemBoard>> board) {
    this.board = board;
  }

  /** What is shown, by place in the menu. */
  public List<Extension> all() {
    return shown;
  }

  /**
   * An extension comes.
   *
   * @param version another one for another version of its bundle
   */
  public void add(ConsoleExtension source, long version) {
    Extension extension = null;
    Problem problem = null;
    try {
      extension = new Extension(source, Long.toHexString(version));
    } catch (RuntimeException e) { // somebody else's code: whatever it does, the console goes on
      LOG.warn("Console extension {} is not shown", source.getClass().getName(), e);
      problem = problem(source.getClass().getName(), String.valueOf(e.getMessage()));
    }
    synchronized (this) {
      if (extension != null) {
        present.add(extension);
      } else if (problem != null) {
        refused.put(source, problem);
      }
    }
    publish();
  }

  /** An extension goes; whoever waits for an answer of it is told. */
  public void remove(ConsoleExtension source) {
    Extension left;
    synchronized (this) {
      refused.remove(source);
      left = present.stream().filter(one -> one.isOf(source)).findFirst().orElse(null);
      present.remove(left);
    }
    publish();
    if (left != null) {
      left.gone().complete(left);
    }
  }

  /** Takes what is wrong off the board. */
  public void close() {
    board.get().ifPresent(open -> open.report(SOURCE, List.of()));
  }

  private void publish() {
    List<Problem> problems;
    synchronized (this) {
      problems = new ArrayList<>(refused.values());
      Map<String, Extension> byName = new LinkedHashMap<>();
      for (Extension one : present) {
        if (byName.putIfAbsent(one.name(), one) != null) {
          problems.add(problem(one.name(), "the name is taken by another extension"));
        }
      }
      shown =
          byName.values().stream()
              .sorted(Comparator.comparingInt(Extension::order).thenComparing(Extension::title))
              .toList();
    }
    board.get().ifPresent(open -> open.report(SOURCE, problems));
  }

  private static Problem problem(String subject, String rule) {
    return new Problem(
        Problem.Severity.WARNING,
        "console extension " + subject,
        "It is not shown: " + rule + ". Ask whoever made the bundle to mend this.");
  }
}
