package io.snaprail.driver.serial.internal.tools;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.Sensor;
import io.snaprail.driver.serial.internal.sensor.SensorCheck;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tools of this driver.
 *
 * @param line settings of the line
 * @param config settings of the sensor
 * @param name of the device, in messages
 * @param lines where it takes part while a tool needs that
 */
public record Tools(LineConfig line, SensorConfig config, String name, SerialLines lines) {
  private static final Duration OPEN = Duration.ofSeconds(5);
  private static final Duration PIECE = Duration.ofMillis(100);

  private static final Tool MONITOR =
      new Tool(
          "monitor",
          "Watch the line",
          "Shows every byte that comes and goes, frame by frame with the verdict on each. Devices"
              + " that use the line go on.",
          List.of(Monitor.seconds(600, 3_600)),
          Monitor.COLUMNS,
          Tool.Access.OPERATOR,
          true);

  private static final Tool SEND =
      new Tool(
          "send",
          "Send once",
          "Sends what you write, once, and shows what comes back. It may change the device.",
          List.of(
              Tool.Parameter.text("text", "What to send, such as \\x02R${unit}\\r", "\\r\\n"),
              Monitor.seconds(2, 60)),
          Monitor.COLUMNS,
          Tool.Access.ADMINISTRATOR);

  /** In the order in which people need them. */
  public static final List<Tool> ALL = List.of(TryFrames.TOOL, MONITOR, SEND);

  /** Whether a tool works without a port, so that settings may leave it open. */
  public static boolean needsNoPort(String tool) {
    return tool.equals(TryFrames.TOOL.id());
  }

  /**
   * Runs a tool.
   *
   * @throws IllegalArgumentException when there is no such tool, or a setting or parameter is wrong
   */
  public void run(String tool, Map<String, String> parameters, ToolRun run)
      throws DriverException, InterruptedException {
    switch (tool) {
      case "try" -> TryFrames.run(line, config, parameters, run);
      case "monitor" -> watch(parameters, null, run);
      case "send" -> watch(parameters, given(parameters, "text"), run);
      default -> throw new IllegalArgumentException("tool: there is no tool '" + tool + "'");
    }
  }

  private static String given(Map<String, String> parameters, String id) {
    return Objects.requireNonNull(parameters.get(id), id);
  }

  private void watch(Map<String, String> parameters, @Nullable String send, ToolRun run)
      throws DriverException, InterruptedException {
    long millis = TimeUnit.SECONDS.toMillis(Long.parseLong(given(parameters, "seconds")));
    SensorCheck.free(line, config, name, lines);
    try (Sensor sensor = Sensor.of(line, config, name, lines, Clock.systemUTC())) {
      byte[] bytes = send == null ? null : sensor.request(send);
      if (bytes != null && bytes.length == 0) {
        throw new IllegalArgumentException("text: expected what to send, found nothing");
      }
      watch(sensor, run, millis, bytes);
    }
  }

  private void watch(Sensor sensor, ToolRun run, long millis, byte @Nullable [] send)
      throws DriverException, InterruptedException {
    boolean listening = sensor.line().listening();
    Monitor monitor = new Monitor(line, config, !listening, Clock.systemUTC());
    sensor.line().add(monitor);
    try {
      run.progress(0, 0, "opening " + sensor.line().address());
      // Opens the port, which a line that is asked does only when it is asked.
      run.onBus(
          sensor.bus(),
          () -> {
            sensor.line().send(send == null ? new byte[0] : send, Deadline.in(OPEN));
            return "";
          });
      run.progress(0, 0, "watching " + sensor.line().address());
      if (listening) {
        monitor.show(run, millis);
      } else {
        hear(sensor, monitor, run, millis);
      }
      monitor.end();
      monitor.show(run, 0);
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
    String told = monitor.told();
    return sent
        + (told.isEmpty()
            ? "nothing has come on "
                + sensor.line().address()
                + ": check the wiring, the baud rate and whether the device waits to be asked"
            : told);
  }
}
