package io.snaprail.testkit.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mosquitto of the test's own, in a folder and on a free port: started, killed, frozen, started
 * again. Anybody may come in until it is configured otherwise.
 */
public final class Mosquitto implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Pattern PUBLISH =
      Pattern.compile("Received PUBLISH from (\\S+) \\(d\\d, q1, r0, m\\d+, '([^']+)'");

  private final Path program;
  private final Path folder;
  private final int port;
  private @Nullable Process process;

  /** Starts nothing yet; see {@link Programs#require}. */
  public Mosquitto(Path folder) throws IOException {
    this.program = Programs.require("mosquitto", "mosquitto");
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    configure("allow_anonymous true");
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** With other lines of its configuration; files are those of its folder. */
  public Mosquitto configure(String... lines) throws IOException {
    Files.write(
        folder.resolve("mosquitto.conf"),
        List.of(
            "listener " + port + " 127.0.0.1",
            String.join("\n", lines),
            // Not stdout, which mosquitto buffers: a kill would take the end of it.
            "log_dest stderr",
            "log_type all",
            "user root",
            ""));
    return this;
  }

  /** With TLS, for clients that an authority has signed; their names are those of certificates. */
  public Mosquitto tls(String certificatePem, String keyPem, String authorityPem)
      throws IOException {
    Files.writeString(folder.resolve("server.crt"), certificatePem);
    Files.writeString(folder.resolve("server.key"), keyPem);
    Files.writeString(folder.resolve("ca.crt"), authorityPem);
    return configure(
        "cafile ca.crt",
        "certfile server.crt",
        "keyfile server.key",
        "require_certificate true",
        "use_identity_as_username true");
  }

  /** Starts it and waits until it takes connections. */
  public Mosquitto start() throws IOException, InterruptedException {
    Process started =
        new ProcessBuilder(program.toString(), "-c", "mosquitto.conf")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    process = started;
    long begin = System.nanoTime();
    while (!answers()) {
      if (started.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("mosquitto has ended: " + logText());
      }
      if (System.nanoTime() - begin > START_NANOS) {
        throw new IllegalStateException("mosquitto takes no connections: " + logText());
      }
    }
    return this;
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    Process running = running();
    running.destroyForcibly();
    running.waitFor(5, TimeUnit.SECONDS);
  }

  /** SIGSTOP: takes connections still, for the kernel does, and never answers. */
  public void freeze() {
    signal("-STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    signal("-CONT");
  }

  /** SIGHUP: it reads its configuration and its files again. */
  public void reload() {
    signal("-HUP");
  }

  private void signal(String name) {
    Programs.succeed("kill", name, Long.toString(running().pid()));
  }

  private Process running() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException("mosquitto has not been started");
    }
    return started;
  }

  /** Topics of the QoS 1 messages that the broker has taken from a client, in order. */
  public List<String> received(String clientId) throws IOException {
    return Files.readAllLines(log()).stream()
        .map(PUBLISH::matcher)
        .filter(Matcher::find)
        .filter(match -> match.group(1).equals(clientId))
        .map(match -> match.group(2))
        .toList();
  }

  /** All that it has logged, over all its starts. */
  public String logText() throws IOException {
    return Files.readString(log());
  }

  private Path log() {
    return folder.resolve("mosquitto.log");
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }
}
