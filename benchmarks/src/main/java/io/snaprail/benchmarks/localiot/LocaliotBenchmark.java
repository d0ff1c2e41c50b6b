package io.snaprail.benchmarks.localiot;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * 1,000 clients are connected with mutual TLS, and messages of 1 KB with QoS 1 go from four
 * publishers to four subscribers (mosquitto_pub and mosquitto_sub) at a rate that is set; the same
 * for Mosquitto in the same run. All of it shares the machine's CPUs.
 */
public final class LocaliotBenchmark {
  private static final int CLIENTS = 1000;
  private static final int PAIRS = 4;
  private static final int BYTES = 1024;
  private static final int SECONDS = 10;
  private static final int SHORT_SECONDS = 4;

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

  private static final List<String> SERVER = List.of("-Xmx128m", "-XX:+UseSerialGC");

  private final Path target;
  private final Pki pki;

  private LocaliotBenchmark(Path target, Pki pki) {
    this.target = target;
    this.pki = pki;
  }

  /**
   * Runs it.
   *
   * @param arguments folder of compiled programs, then rates in messages a second
   */
  public static void main(String[] arguments) throws Exception {
    Pki pki = new Pki(Files.createTempDirectory("snaprail-localiot"));
    pki.make();
    LocaliotBenchmark benchmark = new LocaliotBenchmark(Path.of(arguments[0]), pki);
    List<Integer> rates = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      rates.add(Integer.parseInt(arguments[i]));
    }
    if (rates.isEmpty()) {
      rates = List.of(5_000, 20_000);
    }
    try (Server server = Server.mosquitto(pki)) {
      TimeUnit.SECONDS.sleep(1);
      benchmark.measure("Mosquitto", server, rates, false);
    }
    try (Server server = Server.endpoint(pki, SERVER)) {
      benchmark.measure("endpoint, JVM with both compilers", server, rates, true);
    }
    try (Server server = Server.endpoint(pki, GATEWAY)) {
      benchmark.measure("endpoint, JVM as the gateway's", server, rates, true);
    }
  }

  private void measure(String name, Server server, List<Integer> rates, boolean ours)
      throws Exception {
    System.out.printf("%n%s: alone %.0f MB%n", name, server.megabytes());
    try (Idlers idlers = new Idlers(pki, server.port())) {
      long start = System.nanoTime();
      double cpu = server.cpuSeconds();
      for (int i = 0; i < CLIENTS; i++) {
        idlers.add("idle-" + i, "idle/" + i);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "  %d clients connected in %.1f s (%.1f ms of its CPU each): %.0f MB%n",
          CLIENTS, seconds, (server.cpuSeconds() - cpu) * 1000 / CLIENTS, server.megabytes());
      run(server, new Load(rates.get(0), SHORT_SECONDS, "to warm up"), ours);
      for (int rate : rates) {
        run(server, new Load(rate, SECONDS, ""), ours);
      }
      if (ours) {
        try (Idlers slow = new Idlers(pki, server.port())) {
          slow.add("slow", "bench/+");
          run(
              server,
              new Load(
                  rates.get(0), SHORT_SECONDS, "beside a subscriber to all that reads nothing"),
              true);
        }
      }
      System.out.printf("  all clients are still there: %s%n", idlers.allThere());
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
    int rate = load.rate();
    String remark = load.remark();
    int each = rate * load.seconds() / PAIRS;
    List<Process> subscribers = new ArrayList<>();
    List<Process> publishers = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      subscribers.add(subscriber(server, i, each));
    }
    TimeUnit.SECONDS.sleep(1);
    long dropped = ours ? server.dropped() : 0;
    double cpu = server.cpuSeconds();
    long start = System.nanoTime();
    for (int i = 0; i < PAIRS; i++) {
      publishers.addAll(publisher(server, i, each, rate / PAIRS));
    }
    boolean all = true;
    for (Process subscriber : subscribers) {
      all &=
          subscriber.waitFor(load.seconds() * 3L, TimeUnit.SECONDS) && subscriber.exitValue() == 0;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double used = server.cpuSeconds() - cpu;
    publishers.forEach(Process::destroy);
    subscribers.forEach(Process::destroy);
    System.out.printf(
        "  %,d messages/s asked for%s: %s in %.1f s = %,.0f/s; its CPU %.0f%% of one, %.1f us a"
            + " message; %.0f MB%s%n",
        rate,
        remark.isEmpty() ? "" : " (" + remark + ")",
        all ? "all came" : "NOT ALL CAME",
        seconds,
        each * PAIRS / seconds,
        used / seconds * 100,
        used * 1e6 / (each * (double) PAIRS),
        server.megabytes(),
        ours ? "; dropped for slow subscribers " + (server.dropped() - dropped) : "");
  }

  private Process subscriber(Server server, int pair, int count) throws IOException {
    List<String> command = client("mosquitto_sub", server, "sub" + pair, pair);
    command.addAll(List.of("-C", "" + count, "-F", ""));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File("/dev/null"))
        .start();
  }

  private List<Process> publisher(Server server, int pair, int count, int rate) throws IOException {
    List<String> command = client("mosquitto_pub", server, "pub" + pair, pair);
    command.add("-l");
    ProcessBuilder pace =
        new ProcessBuilder(target.resolve("pace").toString(), "" + count, "" + rate, "" + BYTES);
    ProcessBuilder publish =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File("/dev/null"));
    return ProcessBuilder.startPipeline(List.of(pace, publish));
  }

  private List<String> client(String program, Server server, String id, int pair) {
    return new ArrayList<>(
        List.of(
            program,
            "-h",
            "localhost",
            "-p",
            "" + server.port(),
            "-V",
            "311",
            "--cafile",
            pki.folder().resolve("ca.crt").toString(),
            "--cert",
            pki.folder().resolve("client.crt").toString(),
            "--key",
            pki.folder().resolve("client.key").toString(),
            "-i",
            id,
            "-q",
            "1",
            "-t",
            "bench/" + pair));
  }
}
