package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.serial.SerialPortInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells people of adapters that were found, by their timing, to keep bytes back. Those whose
 * latency the system tells are the port service's. Safe for any thread.
 */
final class AdapterProblems {
  private static final String SOURCE = "io.snaprail.driver.modbus.serial";

  private static final String DEV = "/dev/";
  private static final String TTY = DEV + "tty";

  // Both guarded by this.
  private final Map<String, Problem> problems = new TreeMap<>();
  private @Nullable ProblemBoard board;

  /**
   * A port's adapter keeps bytes back.
   *
   * @param known what the system says of its ports
   */
  synchronized void keepsBack(String port, List<SerialPortInfo> known) {
    String tty = "ttyUSB0";
    for (SerialPortInfo info : known) {
      boolean same =
          info.name().equals(port) || info.path().equals(port) || info.aliases().contains(port);
      if (same && info.latencyMs() > 0) {
        return;
      }
      if (same && info.path().startsWith(TTY)) {
        tty = info.path().substring(DEV.length());
      }
    }
    problems.put(port, problem(port, tty));
    report();
  }

  private static Problem problem(String port, String tty) {
    return new Problem(
        Severity.WARNING,
        port,
        "answers come in steps of 16 ms: the adapter keeps received bytes back, which at 115200 baud costs four fifths of the line. As root: echo 1 > /sys/bus/usb-serial/devices/%s/latency_timer, or setserial /dev/%s low_latency; for good, a udev rule: ACTION==\"add\", SUBSYSTEM==\"usb-serial\", DRIVER==\"ftdi_sio\", ATTR{latency_timer}=\"1\". Of an adapter in a virtual machine or behind a network, set it where it is plugged in"
            .formatted(tty, tty));
  }

  synchronized void forget(String port) {
    if (problems.remove(port) != null) {
      report();
    }
  }

  synchronized void clear() {
    problems.clear();
    report();
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

  private void report() {
    if (board != null) {
      board.report(SOURCE, List.copyOf(problems.values()));
    }
  }
}
