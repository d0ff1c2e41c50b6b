package io.snaprail.benchmarks.line;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.line.LineEnd;
import io.snaprail.testkit.line.LineLie;
import io.snaprail.testkit.line.LineSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Long runs that must leave nothing behind and deliver nothing wrong. */
final class LineEndurance {
  private static final Duration AMPLE = Duration.ofSeconds(5);
  private static final int CYCLES = 500;
  private static final int READS = 100_000;

  private LineEndurance() {}

  /** A port that goes and returns, under the same name and under another. */
  static void loss() throws Exception {
    try (LineSimulator line = LineSimulator.start(115_200);
        SerialStack stack = new SerialStack()) {
      line.rtuUnits(1);
      ReadPlan plan = plan(stack.device(line.port(), "baud", 115_200), 0, 10);
      cycle(line, plan, 0);
      long descriptors = descriptors();
      int threads = Thread.activeCount();
      for (int i = 1; i <= CYCLES; i++) {
        cycle(line, plan, i);
      }
      System.out.printf(
          "%d losses of the port: descriptors %d before, %d after; threads %d before, %d after%n",
          CYCLES, descriptors, descriptors(), threads, Thread.activeCount());
    }
  }

  private static void cycle(LineSimulator line, ReadPlan plan, int number) throws Exception {
    plan.read(new RecordingSink(), Deadline.in(AMPLE));
    line.vanish();
    try {
      plan.read(new RecordingSink(), Deadline.in(AMPLE));
      throw new IllegalStateException("a read through a port that is away");
    } catch (DriverException expected) {
      if (number % 2 == 0) {
        line.comeBack();
      } else {
        line.comeBackElsewhere();
      }
    }
    plan.read(new RecordingSink(), Deadline.in(AMPLE));
  }

  /** Reads of two units, of whose answers every tenth is a lie, on a line with noise. */
  static void hostile() throws Exception {
    int baud = 921_600;
    long[] good = new long[2];
    try (LineSimulator line = LineSimulator.start(baud);
        SerialStack stack = new SerialStack()) {
      line.rtuUnits(1, 2);
      Device[] devices = {
        stack.device(line.port(), "baud", baud, "unit", 1),
        stack.device(line.port(), "baud", baud, "unit", 2)
      };
      line.lateness(Duration.ofMillis(90), false);
      line.lies(0.1, LineLie.values());
      line.faults(LineEnd.FAR, 0.0005, 0.0005, 0.0005);
      Random random = new Random(3);
      long asked = 0;
      while (asked < READS) {
        int unit = 1 + random.nextInt(2);
        int address = random.nextInt(480);
        ReadPlan plan = plan(devices[unit - 1], address, 1 + random.nextInt(20));
        int outcome = read(plan, 1000 * unit + address);
        if (outcome >= 0) {
          asked++;
          good[outcome]++;
          if (asked % 10_000 == 0) {
            System.out.printf("  %d reads, %d of them good, none wrong%n", asked, good[1]);
          }
        }
      }
      System.out.printf(
          "%d reads of units that lie: %d good, %d failed, 0 wrong; %s%n",
          asked, good[1], good[0], line.figures());
    }
  }

  /** 1 complete, 0 failed, -1 not asked because a late answer may come. */
  private static int read(ReadPlan plan, int first) {
    RecordingSink sink = new RecordingSink();
    try {
      plan.read(sink, Deadline.in(Duration.ofMillis(60)));
    } catch (DriverException e) {
      return String.valueOf(e.getMessage()).contains("may still come") ? -1 : 0;
    }
    for (int index : sink.indexes()) {
      Value value = sink.value(index);
      if (value == null) {
        return 0;
      }
      if (!value.equals(new Value.Int(first + index))) {
        throw new IllegalStateException("wrong: " + value + " instead of " + (first + index));
      }
    }
    return 1;
  }

  private static ReadPlan plan(Device device, int first, int count) {
    return device.compile(
        SerialStack.registers(IntStream.range(first, first + count)),
        (index, message) -> {
          throw new IllegalStateException(message);
        });
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }
}
