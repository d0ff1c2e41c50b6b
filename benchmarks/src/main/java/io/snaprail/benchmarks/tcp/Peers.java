package io.snaprail.benchmarks.tcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The programs in C beside which the driver runs: servers on the first CPU, clients on the second,
 * as the driver is.
 *
 * @param folder where they were compiled to
 */
record Peers(Path folder) {
  private static final int SERVERS_CPU = 0;
  private static final int CLIENTS_CPU = 1;

  /** A running server; ends with its standard input. */
  record Server(Process process, int port) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
    }
  }

  /** A server that answers each request so long after it came, any number at once. */
  Server server(Duration delay) throws IOException {
    Process process = start(SERVERS_CPU, "modbus-server", delay.toNanos() / 1_000);
    String port = line(process);
    if (!port.startsWith("port ")) {
      throw new IOException("modbus-server does not start: " + port);
    }
    return new Server(process, Integer.parseInt(port.substring("port ".length())));
  }

  /** How many times a second libmodbus reads ten registers, one read after another. */
  double libmodbus(int port, Duration time) throws IOException {
    return Double.parseDouble(line(start(CLIENTS_CPU, "libmodbus-client", port, time.toMillis())));
  }

  private Process start(int cpu, String program, long... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("taskset", "-c", "" + cpu, folder.resolve(program).toString());
    for (long each : arguments) {
      builder.command().add("" + each);
    }
    return builder.redirectError(Redirect.INHERIT).start();
  }

  private static String line(Process process) throws IOException {
    BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String line = output.readLine();
    if (line == null) {
      throw new IOException("a program in C ended without a word: " + process.info());
    }
    return line;
  }
}
