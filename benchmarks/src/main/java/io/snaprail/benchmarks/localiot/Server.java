package io.snaprail.benchmarks.localiot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker in a process of its own. */
public final class Server implements AutoCloseable {
  private static final double TICKS = 100;

  private final Process process;
  private final BufferedReader output;
  private final int port;

  private Server(Process process, int port) {
    this.process = process;
    this.output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    this.port = port;
  }

  /**
   * The endpoint.
   *
   * @param options of its JVM
   */
  static Server endpoint(Pki pki, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(EndpointProcess.class.getName(), pki.folder().toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Server server = new Server(process, 0);
    String line = server.output.readLine();
    if (line == null) {
      throw new IOException("the endpoint does not start");
    }
    return new Server(process, Integer.parseInt(line.substring("port ".length())));
  }

  /** Debian's Mosquitto with the same queues. */
  public static Server mosquitto(Pki pki) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path folder = pki.folder();
    Path config = folder.resolve("mosquitto.conf");
    Files.writeString(
        config,
        """
        user root
        listener %d 127.0.0.1
        cafile %s
        certfile %s
        keyfile %s
        require_certificate true
        allow_anonymous true
        set_tcp_nodelay true
        max_inflight_messages 100
        max_queued_messages 1000
        persistence false
        """
            .formatted(
                port,
                folder.resolve("ca.crt"),
                folder.resolve("server.crt"),
                folder.resolve("server.key")));
    Process process =
        new ProcessBuilder("mosquitto", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mosquitto.log").toFile())
            .start();
    return new Server(process, port);
  }

  /** Where it listens, on loopback. */
  public int port() {
    return port;
  }

  /** Messages that the endpoint has dropped so far. */
  long dropped() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return Long.parseLong(output.readLine());
  }

  /** Seconds of CPU that it has used (proc(5), stat, fields 14 and 15). */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", "" + process.pid(), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  /** Memory that it holds, in MB (proc(5), status, VmRSS). */
  double megabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    return Double.NaN;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}
