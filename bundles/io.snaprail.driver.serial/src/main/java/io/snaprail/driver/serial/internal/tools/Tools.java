package io.snaprail.driver.serial.internal.tools;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.sensor.Sensor;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The tools of this driver. */
public final class Tools {
  private static final Duration OPEN = Duration.ofSeconds(5);
  private static final Duration PIECE = Duration.ofMillis(100);

  private static final Tool MONITOR =
      new Tool(
          "monitor",
          "Watch the line",
          "Shows every byte that comes and goes, for some seconds. Devices that use the line go"
              + " on.",
          List.of(Monitor.SECONDS),
          Monitor.COLUMNS,
          Tool.Access.OPERATOR);

  private static final Tool SEND =
      new Tool(
          "send",
          "Send once",
          "Sends what you write, once, and shows what comes back. It may change the device.",
          List.of(
              Tool.Parameter.text("text", "What to send, such as \\x02R${unit}\\r", "\\r\\n"),
              Tool.Parameter.whole("seconds", "Then watch for so many seconds", 2, 1, 60)),
          Monitor.COLUMNS,
          Tool.Access.ADMINISTRATOR);

  /** In the order in which people need them. */
  public static final List<Tool> ALL = List.of(MONITOR, SEND);

  private Tools() {}

  /**
   * Runs a tool.
   *
   * @param sensor takes part in the line while the tool runs
   * @throws IllegalArgumentException when there is no such tool, or a parameter is wrong
   */
  public static void run(String tool, Sensor sensor, Map<String, String> parameters, ToolRun run)
      throws DriverException, InterruptedException {
    Monitor monitor = new Monitor(Clock.systemUTC());
    long millis = TimeUnit.SECONDS.toMillis(Long.parseLong(given(parameters, "seconds")));
    switch (tool) {
      case "monitor" -> watch(sensor, monitor, run, millis, null);
      case "send" -> {
        byte[] bytes = sensor.request(given(parameters, "text"));
        if (bytes.length == 0) {
          throw new IllegalArgumentException("text: expected what to send, found nothing");
        }
        watch(sensor, monitor, run, millis, bytes);
      }
      default -> throw new IllegalArgumentException("tool: there is no tool '" + tool + "'");
    }
  }

  private static String given(Map<String, String> parameters, String id) {
    return Objects.requireNonNull(parameters.get(id), id);
  }

  private static void watch(
      Sensor sensor, Monitor monitor, ToolRun run, long millis, byte @Nullable [] send)
      throws DriverException, InterruptedException {
    sensor.line().add(monitor);
    try {
      // Opens the port, which a line that is asked does only when it is asked.
      run.onBus(
          sensor.bus(),
          () -> {
            sensor.line().send(send == null ? new byte[0] : send, Deadline.in(OPEN));
            return "";
          });
      if (sensor.line().listening()) {
        monitor.show(run, millis);
      } else {
        hear(sensor, monitor, run, millis);
      }
      run.progress(1, 1, conclusion(sensor, monitor, send));
    } finally {
      sensor.line().remove(monitor);
    }
  }

  /** Nobody reads a line that is asked between the requests: it is read here, in short pieces. */
  private static void hear(Sensor sensor, Monitor monitor, ToolRun run, long millis)
      throws DriverException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (end - System.nanoTime() > 0 && !run.cancelled()) {
      run.onBus(
          sensor.bus(),
          () -> {
            sensor.line().listen(PIECE, OPEN);
            return "";
          });
      monitor.show(run, 1);
    }
  }

  private static String conclusion(Sensor sensor, Monitor monitor, byte @Nullable [] send) {
    String sent = send == null ? "" : "sent '" + Escapes.shown(send) + "'; ";
    return monitor.heard() > 0
        ? sent + monitor.heard() + " bytes have come"
        : sent
            + "nothing has come on "
            + sensor.line().address()
            + ": check the wiring, the baud rate and whether the device waits to be asked";
  }
}
