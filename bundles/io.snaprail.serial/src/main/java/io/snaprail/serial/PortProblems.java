package io.snaprail.serial;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.serial.internal.local.PortList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with serial ports in general. That a port is away or refused is told to its holder,
 * who reports it.
 */
final class PortProblems {
  private static final Logger LOG = LoggerFactory.getLogger(PortProblems.class);
  private static final String SOURCE = "io.snaprail.serial";

  // All guarded by this.
  private final Map<String, Problem> slow = new TreeMap<>();
  private @Nullable Problem library;
  private @Nullable ProblemBoard board;

  /** What keeps the native library from loading; empty when it works. */
  synchronized void library(String message) {
    Problem before = library;
    library = message.isEmpty() ? null : new Problem(Severity.ERROR, "serial ports", message);
    if (library != null && !library.equals(before) && board == null) {
      LOG.error("{}", message);
    }
    report();
  }

  /** A port was opened, or has ended. */
  synchronized void port(String name, Optional<PortList.Entry> opened) {
    Problem problem =
        opened.filter(entry -> entry.latencyMs() > 1).map(entry -> slow(name, entry)).orElse(null);
    Problem before = problem == null ? slow.remove(name) : slow.put(name, problem);
    if (!Objects.equals(before, problem)) {
      report();
    }
  }

  private static Problem slow(String name, PortList.Entry entry) {
    String tty = String.valueOf(entry.device().getFileName());
    return new Problem(
        Severity.WARNING,
        name,
        "the adapter keeps received bytes back for %d ms, expected 1: each request on this port takes that much longer. As root: echo 1 > /sys/bus/usb-serial/devices/%s/latency_timer; for good, a udev rule: ACTION==\"add\", SUBSYSTEM==\"usb-serial\", DRIVER==\"ftdi_sio\", ATTR{latency_timer}=\"1\""
            .formatted(entry.latencyMs(), tty));
  }

  synchronized void board(ProblemBoard added) {
    board = added;
    report();
  }

  synchronized void noBoard(ProblemBoard removed) {
    if (board == removed) {
      board = null;
    }
  }

  synchronized void clear() {
    slow.clear();
    library = null;
    report();
  }

  private void report() {
    if (board != null) {
      List<Problem> all = new ArrayList<>(slow.values());
      if (library != null) {
        all.add(0, library);
      }
      board.report(SOURCE, all);
    }
  }
}
