package io.snaprail.itests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code snaprail demo} from the unpacked archive, on free ports and data of its own. */
final class DemoProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  final Path data;
  final Path config;
  final int consolePort;
  final int brokerPort;
  final int plantPort;
  private final Path home;
  private Program program;

  DemoProcess(String name) throws IOException, InterruptedException {
    Files.createDirectories(Image.WORK);
    Path work = Files.createTempDirectory(Image.WORK, name);
    Program.run("tar", "xzf", Image.ARCHIVE, "-C", work);
    home =
        Image.list(work).stream()
            .filter(p -> p.getFileName().toString().startsWith("snaprail-"))
            .findFirst()
            .orElseThrow();
    data = work.resolve("data");
    config = work.resolve("config");
    Program.run("cp", "-R", home.resolve("demo/config"), config);
    consolePort = Ports.free();
    brokerPort = Ports.free();
    plantPort = Ports.free();
    replace("io.snaprail.console.json", "8443", consolePort);
    replace("io.snaprail.localiot.json", "8883", brokerPort);
    replace("io.snaprail.awsiot~cloud.json", "8883", brokerPort);
    replace("io.snaprail.driver.simulator.slave~plant.json", "5020", plantPort);
    replace("io.snaprail.driver.modbus.tcp~plant.json", "5020", plantPort);
  }

  private void replace(String file, String old, int port) throws IOException {
    Path path = config.resolve(file);
    String text = Files.readString(path);
    if (!text.contains(old)) {
      throw new IOException(path + " does not name port " + old + ": " + text);
    }
    Files.writeString(path, text.replace(old, Integer.toString(port)));
  }

  DemoProcess start() throws IOException {
    List<Object> command = new ArrayList<>();
    String java = System.getProperty("snaprail.java.home", System.getProperty("java.home"));
    // A job in the background inherits that SIGINT is ignored; a person's terminal does not.
    command.addAll(List.of("env", "--default-signal=INT", "JAVA_HOME=" + java));
    command.addAll(
        List.of(home.resolve("bin/snaprail"), "demo", "--config", config, "--data", data));
    program = Program.start(command.toArray());
    return this;
  }

  List<String> lines() {
    return program.lines();
  }

  String awaitLine(String part) {
    await()
        .atMost(START)
        .failFast(
            () -> {
              if (!program.process().isAlive() && program.line(part) == null) {
                throw new AssertionError("the gateway ended: " + program.lines());
              }
            })
        .until(() -> program.line(part) != null);
    return program.line(part);
  }

  String url() {
    return "https://127.0.0.1:" + consolePort;
  }

  String claimToken() {
    String line = awaitLine("Claim token:");
    return line.substring(line.indexOf(':') + 1).strip();
  }

  Process process() {
    return program.process();
  }

  /** What Ctrl-C does. */
  boolean interrupt() throws IOException, InterruptedException {
    Program.run("kill", "-INT", program.process().pid());
    return program.process().waitFor(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    if (program != null) {
      program.close();
    }
  }
}
