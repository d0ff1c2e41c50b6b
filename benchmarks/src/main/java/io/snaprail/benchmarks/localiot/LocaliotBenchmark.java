package io.snaprail.benchmarks.localiot;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * 1,000 clients are connected with mutual TLS, and messages of 1 KB with QoS 1 go from four
 * publishers to four subscribers at a rate that is set; the same for Mosquitto in the same run. All
 * of it shares the machine's CPUs.
 */
public final class LocaliotBenchmark {
  private static final int CLIENTS = 1000;
  private static final int PAIRS = 4;
  private static final int BYTES = 1024;
  private static final int SECONDS = 10;
  private static final int SHORT_SECONDS = 4;

  /** Client and server are compiled by it; a cold client is slower than what it measures. */
  private static final List<Integer> WARM_UP = List.of(1000, 2500, 5000);

  /** As the distribution starts the gateway (distribution/src/bin/snaprail). */
  private static final List<String> GATEWAY =
      List.of(
          "-Xms24m",
          "-Xmx128m",
          "-XX:MaxNewSize=16m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=30",
          "-XX:ReservedCodeCacheSize=48m");

  /** The same with both compilers, as the user guide has it for gateways with much traffic. */
  private static final List<String> BUSY_GATEWAY = busy();

  private static List<String> busy() {
    List<String> options = new ArrayList<>(GATEWAY);
    options.add("-XX:TieredStopAtLevel=4");
    return options;
  }

  private final SSLContext tls;

  private LocaliotBenchmark(SSLContext tls) {
    this.tls = tls;
  }

  /**
   * Runs it.
   *
   * @param arguments rates in messages a second
   */
  public static void main(String[] arguments) throws Exception {
    Pki pki = new Pki(Files.createTempDirectory("snaprail-localiot"));
    pki.make();
    LocaliotBenchmark benchmark = new LocaliotBenchmark(pki.context("client"));
    List<Integer> rates = new ArrayList<>();
    for (String rate : arguments) {
      rates.add(Integer.parseInt(rate));
    }
    if (rates.isEmpty()) {
      rates = List.of(5_000, 20_000);
    }
    try (Server server = Server.mosquitto(pki)) {
      TimeUnit.SECONDS.sleep(1);
      benchmark.measure("Mosquitto", server, rates, false);
    }
    try (Server server = Server.endpoint(pki, BUSY_GATEWAY)) {
      benchmark.measure("endpoint, JVM with both compilers", server, rates, true);
    }
    try (Server server = Server.endpoint(pki, GATEWAY)) {
      benchmark.measure("endpoint, JVM as the gateway's", server, rates, true);
    }
  }

  private void measure(String name, Server server, List<Integer> rates, boolean ours)
      throws Exception {
    System.out.printf("%n%s: alone %.0f MB%n", name, server.megabytes());
    List<Connection> idlers = new ArrayList<>();
    try {
      long start = System.nanoTime();
      double cpu = server.cpuSeconds();
      for (int i = 0; i < CLIENTS; i++) {
        Connection idler = new Connection(tls, server.port(), "idle-" + i);
        idlers.add(idler);
        idler.subscribe("idle/" + i);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "  %d clients connected in %.1f s (%.1f ms of its CPU each): %.0f MB%n",
          CLIENTS, seconds, (server.cpuSeconds() - cpu) * 1000 / CLIENTS, server.megabytes());
      for (int rate : WARM_UP) {
        run(server, new Load(rate, SHORT_SECONDS, "to warm up"), ours);
      }
      for (int rate : rates) {
        run(server, new Load(rate, SECONDS, ""), ours);
      }
      if (ours) {
        try (Connection slow = new Connection(tls, server.port(), "slow")) {
          slow.subscribe("bench/+");
          run(
              server,
              new Load(
                  rates.get(0), SHORT_SECONDS, "beside a subscriber to all that reads nothing"),
              true);
        }
      }
      boolean there = true;
      for (Connection idler : idlers) {
        there &= idler.quiet();
      }
      System.out.printf("  all clients are still there: %s%n", there);
    } finally {
      for (Connection idler : idlers) {
        idler.close();
      }
    }
  }

  /**
   * What is sent.
   *
   * @param rate messages a second
   * @param remark for people; empty for none
   */
  private record Load(int rate, int seconds, String remark) {}

  private void run(Server server, Load load, boolean ours) throws Exception {
    int each = load.rate() * load.seconds() / PAIRS;
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      pairs.add(new Pair(tls, server.port(), i, BYTES));
    }
    long dropped = ours ? server.dropped() : 0;
    double cpu = server.cpuSeconds();
    long start = System.nanoTime();
    ExecutorService threads = Executors.newFixedThreadPool(PAIRS);
    List<Future<Boolean>> results = new ArrayList<>();
    for (Pair pair : pairs) {
      results.add(threads.submit(() -> pair.run(each, load.rate() / (double) PAIRS)));
    }
    boolean all = true;
    for (Future<Boolean> result : results) {
      all &= result.get();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double used = server.cpuSeconds() - cpu;
    threads.shutdownNow();
    for (Pair pair : pairs) {
      pair.close();
    }
    System.out.printf(
        "  %,d messages/s asked for%s: %s in %.1f s = %,.0f/s; its CPU %.0f%% of one, %.1f us a"
            + " message; %.0f MB%s%n",
        load.rate(),
        load.remark().isEmpty() ? "" : " (" + load.remark() + ")",
        all ? "all came" : "NOT ALL CAME",
        seconds,
        each * PAIRS / seconds,
        used / seconds * 100,
        used * 1e6 / (each * (double) PAIRS),
        server.megabytes(),
        ours ? "; dropped for slow subscribers " + (server.dropped() - dropped) : "");
  }
}
