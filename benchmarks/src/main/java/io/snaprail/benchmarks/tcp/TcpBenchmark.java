package io.snaprail.benchmarks.tcp;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.ReadPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prints as ratios how well a TCP connection is used. Arguments: the folder of the programs in C,
 * then which figures, of {@code sequential}, {@code values}, {@code outstanding} and {@code merge};
 * all when there are none.
 */
public final class TcpBenchmark {
  private static final Duration AMPLE = Duration.ofSeconds(5);
  private static final int ROUNDS = 5;
  private static final int REGISTERS = 10;
  private static final int MANY = 100;
  private static final int BLOCKS = 64;
  private static final String INCOMPLETE = "a read has not delivered every point";

  private final Peers peers;

  private TcpBenchmark(Peers peers) {
    this.peers = peers;
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    TcpBenchmark benchmark = new TcpBenchmark(new Peers(Path.of(arguments[0])));
    List<String> wanted =
        arguments.length == 1
            ? List.of("sequential", "values", "outstanding", "merge")
            : List.of(arguments).subList(1, arguments.length);
    if (wanted.contains("sequential")) {
      benchmark.sequential();
    }
    if (wanted.contains("values")) {
      benchmark.values();
    }
    if (wanted.contains("outstanding")) {
      benchmark.outstanding();
    }
    if (wanted.contains("merge")) {
      benchmark.merge();
    }
  }

  // ---- one read after another ----

  private void sequential() throws Exception {
    System.out.println(
        "Ten registers a read, one read after another on one connection: reads a second over those"
            + " of libmodbus, medians of "
            + ROUNDS);
    Duration time = Duration.ofSeconds(1);
    double[] peer = new double[ROUNDS];
    double[] polled = new double[ROUNDS];
    double[] waited = new double[ROUNDS];
    try (Peers.Server server = peers.server(Duration.ZERO);
        TcpStack stack = new TcpStack(server.port())) {
      AsyncReadPlan plan = stack.plan(IntStream.range(0, REGISTERS));
      told(plan, REGISTERS, Duration.ofSeconds(2));
      waited(plan, REGISTERS, Duration.ofSeconds(2));
      for (int i = 0; i < ROUNDS; i++) {
        peer[i] = peers.libmodbus(server.port(), time);
        polled[i] = told(plan, REGISTERS, time);
        waited[i] = waited(plan, REGISTERS, time);
      }
    }
    System.out.printf("  libmodbus                              %8.0f/s%n", median(peer));
    print("a plan as the poller reads it (told)  ", polled, peer);
    print("a plan that a thread waits for        ", waited, peer);
  }

  private static void print(String what, double[] own, double[] peer) {
    double[] ratios = IntStream.range(0, ROUNDS).mapToDouble(i -> own[i] / peer[i]).toArray();
    System.out.printf("  %s %8.0f/s = %.2f%n", what, median(own), median(ratios));
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().toArray()[values.length / 2];
  }

  // ---- one device as fast as it goes ----

  private void values() throws Exception {
    double[] rates = new double[ROUNDS];
    try (Peers.Server server = peers.server(Duration.ZERO);
        TcpStack stack = new TcpStack(server.port())) {
      AsyncReadPlan plan = stack.plan(IntStream.range(0, MANY));
      told(plan, MANY, Duration.ofSeconds(3));
      for (int i = 0; i < ROUNDS; i++) {
        rates[i] = MANY * told(plan, MANY, Duration.ofSeconds(1));
      }
    }
    System.out.printf(
        "One device of %d registers, one read after another: %,.0f values/s (target >="
            + " 1,000,000)%n",
        MANY, median(rates));
  }

  // ---- several requests at once ----

  private void outstanding() throws Exception {
    System.out.println(
        "A server that answers each request after 5 ms, "
            + BLOCKS
            + " reads a cycle: requests a second, and over what its delay allows");
    try (Peers.Server server = peers.server(Duration.ofMillis(5))) {
      for (int window : new int[] {1, 8}) {
        try (TcpStack stack = new TcpStack(server.port())) {
          AsyncReadPlan plan =
              stack.plan(
                  IntStream.range(0, BLOCKS).map(i -> i * 200),
                  "max.gap",
                  0,
                  "max.outstanding",
                  window);
          told(plan, BLOCKS, Duration.ofSeconds(2));
          double rate = BLOCKS * told(plan, BLOCKS, Duration.ofSeconds(5));
          System.out.printf(
              "  %d at once: %7.1f/s = %.3f%n", window, rate, rate / (window * 1_000 / 5.0));
        }
      }
    }
  }

  // ---- merged reads ----

  private void merge() throws Exception {
    System.out.println("100 points scattered over 300 registers: time of merged over single reads");
    merge("answers at once", Duration.ZERO);
    merge("answers at once, max.gap 124", Duration.ZERO, "max.gap", 124);
    merge("answers after 1 ms", Duration.ofMillis(1));
  }

  private void merge(String what, Duration delay, Object... settings) throws Exception {
    int[] registers = new Random(1).ints(0, 300).distinct().limit(100).sorted().toArray();
    Duration time = Duration.ofMillis(500);
    double[] ratios = new double[ROUNDS];
    double[] together = new double[ROUNDS];
    double[] alone = new double[ROUNDS];
    try (Peers.Server server = peers.server(delay);
        // Two, as what a request costs is learned by unit.
        TcpStack one = new TcpStack(server.port());
        TcpStack other = new TcpStack(server.port())) {
      AsyncReadPlan merged = one.plan(Arrays.stream(registers), settings);
      AsyncReadPlan single = other.plan(Arrays.stream(registers), "max.registers", 1, "max.gap", 0);
      told(merged, registers.length, Duration.ofSeconds(1));
      told(single, registers.length, Duration.ofSeconds(1));
      for (int i = 0; i < ROUNDS; i++) {
        together[i] = 1e3 / told(merged, registers.length, time);
        alone[i] = 1e3 / told(single, registers.length, time);
        ratios[i] = together[i] / alone[i];
      }
      System.out.printf(
          "  %s: %d reads, %.3f ms, over %d reads, %.3f ms = %.3f%n",
          what,
          requests(merged),
          median(together),
          requests(single),
          median(alone),
          median(ratios));
    }
  }

  private static int requests(ReadPlan plan) {
    return ((Inspectable) plan).inspect().reads().size();
  }

  // ---- common ----

  /** Reads a second when a thread waits for each. */
  private static double waited(AsyncReadPlan plan, int points, Duration time)
      throws DriverException {
    Counted counted = new Counted(points);
    long begin = System.nanoTime();
    long now = begin;
    int reads = 0;
    for (; now - begin < time.toNanos(); now = System.nanoTime()) {
      plan.read(counted, Deadline.in(AMPLE));
      if (!counted.complete()) {
        throw new IllegalStateException(INCOMPLETE);
      }
      reads++;
    }
    return reads * 1e9 / (now - begin);
  }

  /** Reads a second when the end of one begins the next. */
  private static double told(AsyncReadPlan plan, int points, Duration time) throws Exception {
    return new Chain(plan, points, time).run();
  }

  /** Reads that follow one another without a thread that waits. */
  private static final class Chain {
    private final AsyncReadPlan plan;
    private final Counted counted;
    private final Duration time;
    private final CompletableFuture<Double> rate = new CompletableFuture<>();
    private final long begin = System.nanoTime();
    private int reads;

    Chain(AsyncReadPlan plan, int points, Duration time) {
      this.plan = plan;
      this.counted = new Counted(points);
      this.time = time;
    }

    double run() throws Exception {
      next();
      return rate.get(time.plus(AMPLE).toNanos(), TimeUnit.NANOSECONDS);
    }

    private void next() {
      plan.read(counted, Deadline.in(AMPLE), this::ended);
    }

    private void ended(@Nullable DriverException failure) {
      long passed = System.nanoTime() - begin;
      if (failure != null) {
        rate.completeExceptionally(failure);
        return;
      }
      reads++;
      if (!counted.complete()) {
        rate.completeExceptionally(new IllegalStateException(INCOMPLETE));
      } else if (passed < time.toNanos()) {
        next();
      } else {
        rate.complete(reads * 1e9 / passed);
      }
    }
  }
}
