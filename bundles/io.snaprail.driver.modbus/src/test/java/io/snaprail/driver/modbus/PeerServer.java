package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A program round a Modbus server that nobody here wrote. It tells what its registers hold and
 * where it listens, and then, asked on its standard input, what they hold by now.
 */
final class PeerServer implements AutoCloseable {
  /** The unit that it plays. */
  static final int UNIT = 17;

  private static final Path GCC = Path.of("/usr/bin/gcc");
  private static final Path FOLDER = Path.of("target", "peers");

  /** Each {@code value <address> <type> <order> <value>}. */
  final List<String[]> values = new ArrayList<>();

  /** Each {@code bit <address> <value>}. */
  final List<String[]> bits = new ArrayList<>();

  private final Process process;
  private final BufferedReader output;
  private final BufferedWriter input;
  private int port = -1;

  private PeerServer(Process process) throws IOException {
    this.process = process;
    output = process.inputReader();
    input = process.outputWriter();
    while (port < 0) {
      String line = output.readLine();
      assertThat(line).as("the peer started").isNotNull();
      String[] words = line.split(" ");
      switch (words[0]) {
        case "value" -> values.add(words);
        case "bit" -> bits.add(words);
        case "port" -> port = Integer.parseInt(words[1]);
        default -> fail(line);
      }
    }
  }

  private static PeerServer start(Path folder, String... command) throws IOException {
    return new PeerServer(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(Redirect.INHERIT)
            .start());
  }

  /** Debian's libmodbus. Arguments: {@code tcp}, or {@code rtu} and a terminal. */
  static PeerServer libmodbus(String... arguments) throws Exception {
    require(
        Files.isExecutable(GCC) && Files.exists(Path.of("/usr/include/modbus/modbus.h")),
        "the Debian packages gcc, libc6-dev and libmodbus-dev");
    Files.createDirectories(FOLDER);
    Path source = copied("libmodbus_server.c", FOLDER);
    Path program = FOLDER.resolve("libmodbus_server").toAbsolutePath();
    run(
        FOLDER,
        List.of(
            GCC.toString(),
            "-O1",
            "-Wall",
            "-I/usr/include/modbus",
            "-o",
            program.toString(),
            source.getFileName().toString(),
            "-lmodbus"));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return start(FOLDER, command.toArray(String[]::new));
  }

  /**
   * Debian's pymodbus. Arguments: a {@link io.snaprail.testkit.modbus.Wire}; {@code TLS} and a
   * folder; or {@code RTU} or {@code ASCII}, a terminal and its baud rate.
   */
  static PeerServer pymodbus(String... arguments) throws Exception {
    PymodbusPeerTest.requirePymodbus();
    Files.createDirectories(FOLDER);
    Path script = copied("pymodbus_server.py", FOLDER);
    List<String> command =
        new ArrayList<>(
            List.of(PymodbusPeerTest.PYTHON.toString(), script.getFileName().toString()));
    command.addAll(List.of(arguments));
    return start(FOLDER, command.toArray(String[]::new));
  }

  /** modbus-serial of the npm registry, in the version of its lock file. */
  static PeerServer npm() throws Exception {
    require(onPath("node") && onPath("npm"), "the Debian packages nodejs and npm");
    Path folder = Files.createDirectories(FOLDER.resolve("npm"));
    copied("npm/package.json", folder);
    copied("npm/server.js", folder);
    Path lock = copied("npm/package-lock.json", folder);
    Path installed = folder.resolve("installed");
    if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
      // None of it is built or run but the library itself: it needs no serial port.
      List<String> install =
          List.of("npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund");
      require(succeeds(folder, install), "the npm registry: 'npm ci' in " + folder + " failed");
      Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
    }
    return start(folder, "node", "server.js");
  }

  /** Skips the test where something is missing; fails it where CI=true is set. */
  static void require(boolean there, String what) {
    if (!there && "true".equals(System.getenv("CI"))) {
      fail("needs " + what);
    }
    assumeTrue(there, "needs " + what);
  }

  private static boolean onPath(String program) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static Path copied(String name, Path folder) throws IOException {
    Path copy = folder.resolve(Path.of(name).getFileName());
    try (InputStream in = PeerServer.class.getResourceAsStream("/peer/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }

  /** Runs a program to its end; it must succeed. */
  private static void run(Path folder, List<String> command) throws Exception {
    assertThat(succeeds(folder, command)).as("%s", command).isTrue();
  }

  private static boolean succeeds(Path folder, List<String> command) throws Exception {
    Process started =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      return started.waitFor(120, TimeUnit.SECONDS) && started.exitValue() == 0;
    } finally {
      started.destroyForcibly();
    }
  }

  /** Where it listens; 0 on a serial line. */
  int port() {
    return port;
  }

  /** What the server holds by now, as {@code held 1 2 3}. */
  String held(String table, int first, int count) throws IOException {
    input.write(table + " " + first + " " + count + "\n");
    input.flush();
    return output.readLine();
  }

  @Override
  public void close() throws Exception {
    input.close();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
