package io.snaprail.benchmarks.sensors;

import com.sun.management.OperatingSystemMXBean;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.core.internal.poller.PolledDevice;
import io.snaprail.core.internal.poller.Poller;
import io.snaprail.driver.serial.SerialSensor;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.line.LineFigures;
import io.snaprail.testkit.line.LineSimulator;
import io.snaprail.testkit.line.TalkedFrame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Prints what serial sensors that talk by themselves make of their lines. Arguments: which figures,
 * of {@code noise}, {@code stream}, {@code many}, {@code away} and {@code loss}; all but the last
 * when there are none. {@code noise=1000} and the like give another number of frames or cycles, or
 * seconds.
 */
public final class SensorBenchmark {
  private static final int FRAMES = 100_000;
  private static final int SECONDS = 60;
  private static final int SENSORS = 50;
  private static final int CYCLES = 500;
  private static final Duration OPENED = Duration.ofSeconds(3);
  private static final Duration WARM = Duration.ofSeconds(10);

  private SensorBenchmark() {}

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    String[] wanted =
        arguments.length == 0 ? new String[] {"noise", "stream", "many", "away"} : arguments;
    for (String each : wanted) {
      String[] parts = each.split("=", 2);
      int given = parts.length == 2 ? Integer.parseInt(parts[1]) : 0;
      switch (parts[0]) {
        case "noise" -> noise(given > 0 ? given : FRAMES);
        case "stream" -> stream(given > 0 ? given : SECONDS);
        case "many" -> many(given > 0 ? given : SECONDS);
        case "away" -> away(given > 0 ? given : SECONDS);
        case "loss" -> loss(given > 0 ? given : CYCLES);
        default -> throw new IllegalArgumentException("there is no figure '" + each + "'");
      }
    }
  }

  // ---- noise ----

  private static void noise(int frames) throws Exception {
    System.out.println(
        "Noise: of every thousand bytes one with a wrong bit, one lost, one doubled; frames of 32"
            + " bytes without pauses at 921600 baud");
    System.out.println(
        "  form   checksum         sent     hit    good  wrong     bad  skipped  lost, not hit"
            + "  frames behind a hit");
    for (String checksum : List.of("crc16-modbus", "crc32", "crc8-maxim", "xor", "sum8")) {
      Noise.run("line", checksum, frames);
      Noise.run("bytes", checksum, frames);
    }
  }

  // ---- streams ----

  private static void stream(int seconds) throws Exception {
    int baud = 115_200;
    TalkedFrame frame = new TalkedFrame("line", 100, "crc16-modbus");
    try (LineSimulator line = LineSimulator.start(baud);
        SensorStack stack = new SensorStack();
        Poller poller = new Poller(Clock.systemUTC())) {
      line.baud(baud, 10);
      SerialSensor sensor = polled(poller, stack, "stream", line, baud, frame, new AtomicLong());
      pause(OPENED);
      line.talk(frame, Duration.ZERO, 116 * (seconds + 15));
      print(
          "115200 baud, frames of 100 bytes without pauses",
          seconds,
          List.of(line),
          List.of(sensor));
    }
  }

  private static void many(int seconds) throws Exception {
    int baud = 9_600;
    TalkedFrame frame = new TalkedFrame("line", 32, "crc16-modbus");
    List<LineSimulator> lines = new ArrayList<>();
    List<SerialSensor> sensors = new ArrayList<>();
    try (SensorStack stack = new SensorStack();
        Poller poller = new Poller(Clock.systemUTC())) {
      for (int i = 0; i < SENSORS; i++) {
        LineSimulator line = LineSimulator.start(baud);
        lines.add(line);
        line.baud(baud, 10);
        line.coarse();
        sensors.add(polled(poller, stack, "sensor" + i, line, baud, frame, new AtomicLong()));
      }
      pause(OPENED);
      lines.forEach(line -> line.talk(frame, Duration.ofMillis(100), 10 * (seconds + 15)));
      print(SENSORS + " sensors of 10 frames a second at 9600 baud", seconds, lines, sensors);
    } finally {
      lines.forEach(LineSimulator::close);
    }
  }

  private static void print(
      String what, int seconds, List<LineSimulator> lines, List<SerialSensor> sensors)
      throws Exception {
    pause(WARM);
    long cpu = cpuNanos();
    long begin = System.nanoTime();
    long threads = Thread.activeCount();
    pause(Duration.ofSeconds(seconds));
    double share = (double) (cpuNanos() - cpu) / (System.nanoTime() - begin);
    lines.forEach(LineSimulator::hush);
    pause(Duration.ofSeconds(1));
    long sent = 0;
    long overflows = 0;
    for (LineSimulator line : lines) {
      LineFigures figures = line.figures();
      sent += figures.talked();
      overflows += figures.overflows();
    }
    System.out.printf(
        "%s, %d s: %d frames sent, %d good, %d bad, %d bytes skipped; CPU %.1f%% of a core; %d"
            + " threads; %d overflows%n",
        what,
        seconds,
        sent,
        total(sensors, "frames_good"),
        total(sensors, "frames_bad"),
        total(sensors, "bytes_skipped"),
        100 * share,
        threads,
        overflows);
  }

  private static long total(List<SerialSensor> sensors, String key) {
    return sensors.stream().mapToLong(sensor -> SensorStack.figure(sensor, key)).sum();
  }

  // ---- a port that goes ----

  private static void away(int seconds) throws Exception {
    int baud = 9_600;
    TalkedFrame frame = new TalkedFrame("line", 32, "crc16-modbus");
    AtomicLong good = new AtomicLong();
    try (LineSimulator line = LineSimulator.start(baud);
        SensorStack stack = new SensorStack();
        Poller poller = new Poller(Clock.systemUTC())) {
      line.baud(baud, 10);
      polled(poller, stack, "away", line, baud, frame, good);
      line.talk(frame, Duration.ofMillis(100), 10 * (seconds + 60));
      await(Duration.ofSeconds(20), () -> good.get() > 2);
      line.vanish();
      pause(Duration.ofSeconds(seconds));
      long before = good.get();
      line.comeBackElsewhere();
      long begin = System.nanoTime();
      await(Duration.ofSeconds(30), () -> good.get() > before);
      System.out.printf(
          "Port away for %d s and back under another name: a good sample after %.1f s%n",
          seconds, (System.nanoTime() - begin) / 1e9);
    }
  }

  private static void loss(int cycles) throws Exception {
    int baud = 115_200;
    TalkedFrame frame = new TalkedFrame("line", 32, "crc16-modbus");
    try (LineSimulator line = LineSimulator.start(baud);
        SensorStack stack = new SensorStack()) {
      line.baud(baud, 10);
      SerialSensor sensor = stack.sensor("loss", line.port(), baud, frame);
      line.talk(frame, Duration.ofMillis(20), 4_000_000);
      cycle(line, sensor, 0);
      String before = resources(stack);
      for (int i = 1; i <= cycles; i++) {
        cycle(line, sensor, i);
      }
      System.out.printf(
          "%d losses of the port: before %s; after %s%n", cycles, before, resources(stack));
    }
  }

  private static void cycle(LineSimulator line, SerialSensor sensor, int number) {
    heard(sensor);
    line.vanish();
    await(Duration.ofSeconds(10), () -> !online(sensor));
    if (number % 2 == 0) {
      line.comeBack();
    } else {
      line.comeBackElsewhere();
    }
    heard(sensor);
  }

  private static void heard(SerialSensor sensor) {
    long before = SensorStack.figure(sensor, "frames_good");
    await(Duration.ofSeconds(10), () -> SensorStack.figure(sensor, "frames_good") > before + 2);
  }

  /** Whether frames still come. */
  private static boolean online(SerialSensor sensor) {
    long before = SensorStack.figure(sensor, "frames_good");
    pause(Duration.ofMillis(100));
    return SensorStack.figure(sensor, "frames_good") > before;
  }

  private static String resources(SensorStack stack) throws IOException {
    System.gc();
    pause(Duration.ofSeconds(1));
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return "%d descriptors, %d threads, %d leases"
          .formatted(all.count(), Thread.activeCount(), stack.leases());
    }
  }

  // ---- common ----

  private static SerialSensor polled(
      Poller poller,
      SensorStack stack,
      String name,
      LineSimulator line,
      int baud,
      TalkedFrame frame,
      AtomicLong good) {
    SerialSensor sensor = stack.sensor(name, line.port(), baud, frame);
    poll(poller, sensor, name, good);
    return sensor;
  }

  private static void poll(Poller poller, Device device, String name, AtomicLong good) {
    PolledDevice.Settings settings =
        new PolledDevice.Settings(
            name,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            false,
            new AtomicLong());
    PolledDevice.Events events =
        new PolledDevice.Events() {
          @Override
          public void batch(int period, SampleBatch batch) {
            if (batch.samples().stream().allMatch(s -> s.quality() == Quality.GOOD)) {
              good.incrementAndGet();
            }
          }

          @Override
          public void state(boolean online, String message) {
            // Seen in the figures.
          }
        };
    poller.add(
        device,
        settings,
        Map.of(
            Duration.ofSeconds(1), List.of(TestPoints.readable("number", "chars:1..8", "number"))),
        events,
        message -> {
          throw new IllegalStateException(message);
        });
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  static void await(Duration most, BooleanSupplier done) {
    Deadline end = Deadline.in(most);
    while (!done.getAsBoolean()) {
      if (end.expired()) {
        throw new IllegalStateException("waited in vain for " + most);
      }
      pause(Duration.ofMillis(20));
    }
  }

  static void pause(Duration time) {
    Deadline end = Deadline.in(time);
    while (!end.expired()) {
      LockSupport.parkNanos(end.remainingNanos());
    }
  }
}
