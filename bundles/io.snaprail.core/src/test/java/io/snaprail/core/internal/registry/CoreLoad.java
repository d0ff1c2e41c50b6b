package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.samples.Dispatcher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the core costs by itself: 1,000 devices x 100 points each second of a driver that costs next
 * to nothing. Not a test: run it by hand while nothing else runs.
 *
 * <pre>java -Xmx128m -cp ... io.snaprail.core.internal.registry.CoreLoad [async|blocking] [s]</pre>
 */
final class CoreLoad {
  private static final int DEVICES = 1_000;
  private static final int POINTS = 100;
  private static final int WARM_UP_SECONDS = 20;

  private CoreLoad() {}

  /** Answers with numbers that change, at once or from a thread of its own. */
  private record Fake(String bus, ScheduledExecutorService io, boolean async) implements Device {
    @Override
    public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
      int count = points.size();
      ReadPlan blocking = (sink, deadline) -> deliver(sink, count);
      return async ? new Later(blocking, io, count) : blocking;
    }

    @Override
    public void checkWritable(List<PointDefinition> points, PointErrors errors) {}

    @Override
    public void write(PointDefinition point, Value raw, Deadline deadline) {}
  }

  private record Later(ReadPlan blocking, ScheduledExecutorService io, int count)
      implements AsyncReadPlan {
    @Override
    public void read(Sink sink, Deadline deadline, Completion done) {
      io.execute(
          () -> {
            deliver(sink, count);
            done.ended(null);
          });
    }

    @Override
    public void read(Sink sink, Deadline deadline) {
      deliver(sink, count);
    }
  }

  private static void deliver(Sink sink, int count) {
    long now = System.nanoTime() >>> 20;
    for (int i = 0; i < count; i++) {
      sink.integer(i, now + i & 0x7FFF);
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    boolean async = arguments.length == 0 || arguments[0].equals("async");
    int seconds = arguments.length < 2 ? 30 : Integer.parseInt(arguments[1]);
    ScheduledExecutorService io = Executors.newSingleThreadScheduledExecutor();
    Path config = Files.createTempDirectory("core-load");
    Files.createDirectories(config.resolve("maps"));
    StringBuilder map = new StringBuilder("name,address,type,order,scale\n");
    for (int i = 0; i < POINTS; i++) {
      map.append("point").append(i).append(",holding:").append(i).append(",int16,,0.1\n");
    }
    Files.writeString(config.resolve("maps/m.csv"), map);
    DeviceRegistry registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    for (int i = 0; i < DEVICES; i++) {
      registry.bindDevice(
          new Fake("bus" + i, io, async),
          Map.of("service.id", (long) i, "service.pid", "drv~device" + i, "map", "m.csv"));
    }
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
    long[] before = figures(registry);
    TimeUnit.SECONDS.sleep(seconds);
    long[] after = figures(registry);
    print(before, after);
    registry.stop();
    io.shutdownNow();
  }

  private static long[] figures(DeviceRegistry registry) throws IOException {
    long cpu =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    long cycles = 0;
    long bad = 0;
    double late = 0;
    for (var bus : registry.busStatuses()) {
      cycles += bus.cycles();
      bad += bus.missedPeriods() + bus.deadlineMisses();
      late = Math.max(late, bus.lateP99Ms());
    }
    long allocated =
        ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
            .getCurrentThreadAllocatedBytes();
    long collections =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(b -> b.getCollectionCount())
            .sum();
    return new long[] {
      System.nanoTime(), cpu, cycles, bad, (long) (late * 1_000), allocated, collections
    };
  }

  private static void print(long[] before, long[] after) throws IOException {
    double wall = after[0] - before[0];
    String rss =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("");
    System.out.printf(
        Locale.ROOT,
        "cores %.3f, cycles/s %.0f, missed %d of %d, worst p99 late %.1f ms, collections %d, %s%n",
        (after[1] - before[1]) / wall,
        (after[2] - before[2]) / wall * 1e9,
        after[3] - before[3],
        after[2] - before[2],
        after[4] / 1e3,
        after[6] - before[6],
        rss.replaceAll("\\s+", " "));
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      System.out.println(pool.getName() + " " + (pool.getUsage().getUsed() >> 10) + " KiB");
    }
  }
}
