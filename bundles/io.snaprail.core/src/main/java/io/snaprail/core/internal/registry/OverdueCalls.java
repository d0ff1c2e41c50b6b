package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.Device;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.core.internal.poller.Poller;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells people of drivers that do not return from a call, as each holds up its bus. Used by one
 * thread at a time.
 */
final class OverdueCalls {
  private final Poller poller;
  private final ProblemBoard board;
  private final Duration grace;
  private Set<String> sources = Set.of();

  /**
   * Nothing is reported before the first look.
   *
   * @param grace how long after its deadline a call may still run
   */
  OverdueCalls(Poller poller, ProblemBoard board, Duration grace) {
    this.poller = poller;
    this.board = board;
    this.grace = grace;
  }

  /** Looks once. */
  void report() {
    Set<String> now = new HashSet<>();
    for (Poller.Overdue call : poller.overdue(grace)) {
      String source = "bus:" + call.bus();
      Problem problem = new Problem(Problem.Severity.ERROR, call.name(), message(call));
      board.report(source, List.of(problem));
      now.add(source);
    }
    sources.stream().filter(s -> !now.contains(s)).forEach(s -> board.report(s, List.of()));
    sources = now;
  }

  private static String message(Poller.Overdue call) {
    Device device = call.device();
    return (device == null ? "a tool" : "the driver " + DeviceRegistry.driverOf(device))
        + " has not returned from a call that was to end within "
        + call.timeout().toMillis()
        + " ms; nothing can use "
        + call.bus()
        + " until it does: restart the gateway, and tell the driver's maker";
  }

  /** Takes everything off the board. */
  void clear() {
    sources.forEach(source -> board.report(source, List.of()));
    sources = Set.of();
  }
}
