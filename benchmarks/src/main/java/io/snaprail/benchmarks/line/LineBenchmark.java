package io.snaprail.benchmarks.line;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.core.internal.poller.PolledDevice;
import io.snaprail.core.internal.poller.Poller;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.line.LineFigures;
import io.snaprail.testkit.line.LineSimulator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Prints as ratios how well a serial line is used. Arguments: which figures, of {@code use}, {@code
 * merge}, {@code dead}, {@code loss} and {@code hostile}; the first three when there are none.
 */
public final class LineBenchmark {
  private static final int[] BAUDS = {115_200, 38_400, 19_200, 9_600};
  private static final Duration AMPLE = Duration.ofSeconds(5);
  private static final int CHARACTER_BITS = 11;

  private LineBenchmark() {}

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    List<String> wanted =
        arguments.length == 0 ? List.of("use", "merge", "dead") : List.of(arguments);
    if (wanted.contains("use")) {
      use();
    }
    if (wanted.contains("merge")) {
      merge();
    }
    if (wanted.contains("dead")) {
      dead();
    }
    if (wanted.contains("loss")) {
      LineEndurance.loss();
    }
    if (wanted.contains("hostile")) {
      LineEndurance.hostile();
    }
  }

  // ---- use of the bus ----

  private static void use() throws Exception {
    System.out.println(
        "Bus use: polls a second over the limit of the line (characters and two t3.5 a poll),"
            + " one unit that answers after t3.5, 11 bits a character");
    System.out.println(
        "  baud   registers  limit/s  polls/s  ratio  ratio(p50)  illegal gaps  shortest/t3.5");
    for (int baud : BAUDS) {
      for (int registers : new int[] {10, 125}) {
        use(baud, registers);
      }
    }
  }

  private static void use(int baud, int registers) throws Exception {
    try (LineSimulator line = LineSimulator.start(baud);
        SerialStack stack = new SerialStack()) {
      line.rtuUnits(1);
      line.exact();
      Device device = stack.device(line.port(), "baud", baud);
      ReadPlan plan = plan(device, SerialStack.registers(IntStream.range(0, registers)));
      run(plan, Duration.ofSeconds(2));
      line.resetFigures();
      run(plan, Duration.ofSeconds(7));
      LineFigures figures = line.figures();
      double limit = 1e9 / pollNanos(baud, registers);
      Duration shortest = figures.shortestGap();
      System.out.printf(
          "  %6d  %9d  %7.2f  %7.2f  %5.3f  %10.3f  %d of %d  %.3f%n",
          baud,
          registers,
          limit,
          figures.framesPerSecond(),
          figures.framesPerSecond() / limit,
          pollNanos(baud, registers) / figures.medianInterval().toNanos(),
          figures.illegalGaps(),
          figures.frames(),
          shortest == null ? Double.NaN : shortest.toNanos() / silenceNanos(baud));
    }
  }

  private static double characterNanos(int baud) {
    return CHARACTER_BITS * 1e9 / baud;
  }

  private static double silenceNanos(int baud) {
    return baud > 19_200 ? 1_750_000 : 3.5 * characterNanos(baud);
  }

  private static double pollNanos(int baud, int registers) {
    return (8 + 5 + 2 * registers) * characterNanos(baud) + 2 * silenceNanos(baud);
  }

  // ---- merged reads ----

  private static void merge() throws Exception {
    List<PointDefinition> points =
        SerialStack.registers(new Random(1).ints(0, 300).distinct().limit(100).sorted());
    System.out.println("100 points scattered over 300 registers: time of merged over single reads");
    for (int baud : new int[] {115_200, 9_600}) {
      try (LineSimulator line = LineSimulator.start(baud);
          SerialStack stack = new SerialStack()) {
        line.rtuUnits(1);
        line.exact();
        ReadPlan merged = plan(stack.device(line.port(), "baud", baud), points);
        ReadPlan single =
            plan(stack.device(line.port(), "baud", baud, "max.registers", 1, "max.gap", 0), points);
        cycle(merged, 3);
        double together = cycle(merged, 5);
        cycle(single, 1);
        double alone = cycle(single, 3);
        System.out.printf(
            "  %6d baud: %.1f ms over %.1f ms = %.3f%n",
            baud, together / 1e6, alone / 1e6, together / alone);
      }
    }
  }

  private static double cycle(ReadPlan plan, int times) throws DriverException {
    long begin = System.nanoTime();
    for (int i = 0; i < times; i++) {
      plan.read(new RecordingSink(), Deadline.in(AMPLE));
    }
    return (double) (System.nanoTime() - begin) / times;
  }

  // ---- a dead unit ----

  private static void dead() throws Exception {
    System.out.println(
        "One dead unit among ten at 19200 baud: rate of the other nine over that without it");
    double without = nine(false);
    double with = nine(true);
    System.out.printf("  %.2f over %.2f cycles a second = %.3f%n", with, without, with / without);
  }

  /** Good cycles a second of nine units that are polled as fast as the bus allows. */
  private static double nine(boolean tenth) throws Exception {
    int baud = 19_200;
    try (LineSimulator line = LineSimulator.start(baud);
        SerialStack stack = new SerialStack();
        Poller poller = new Poller(Clock.systemUTC())) {
      line.rtuUnits(IntStream.rangeClosed(1, 9).toArray());
      AtomicLong good = new AtomicLong();
      for (int unit = 1; unit <= (tenth ? 10 : 9); unit++) {
        poll(poller, stack.device(line.port(), "baud", baud, "unit", unit), unit, good);
      }
      pause(Duration.ofSeconds(5));
      long before = good.get();
      long begin = System.nanoTime();
      pause(Duration.ofSeconds(40));
      return (good.get() - before) * 1e9 / (System.nanoTime() - begin);
    }
  }

  private static void poll(Poller poller, Device device, int unit, AtomicLong good) {
    PolledDevice.Settings settings =
        new PolledDevice.Settings(
            "unit " + unit,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
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
        Map.of(Duration.ofMillis(10), SerialStack.registers(IntStream.range(0, 10))),
        events,
        message -> {
          throw new IllegalStateException(message);
        });
  }

  private static void pause(Duration time) {
    Deadline end = Deadline.in(time);
    while (!end.expired()) {
      LockSupport.parkNanos(end.remainingNanos());
    }
  }

  // ---- common ----

  private static ReadPlan plan(Device device, List<PointDefinition> points) {
    return device.compile(
        new ArrayList<>(points),
        (index, message) -> {
          throw new IllegalStateException(message);
        });
  }

  private static void run(ReadPlan plan, Duration time) throws DriverException {
    Deadline end = Deadline.in(time);
    RecordingSink sink = new RecordingSink();
    while (!end.expired()) {
      plan.read(sink, Deadline.in(AMPLE));
      sink.clear();
    }
  }
}
