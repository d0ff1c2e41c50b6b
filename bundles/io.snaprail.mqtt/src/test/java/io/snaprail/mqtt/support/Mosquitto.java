package io.snaprail.mqtt.support;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

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
import org.awaitility.Awaitility;

/** A Debian mosquitto of the test's own: started, killed, frozen, started again. */
public final class Mosquitto implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");
  private static final Pattern PUBLISH =
      Pattern.compile("Received PUBLISH from (\\S+) \\(d\\d, q1, r0, m\\d+, '([^']+)'");

  private final Path folder;
  private final int port;
  private Process process;

  /** Needs the program: without it a test is skipped, or fails where CI says so. */
  public Mosquitto(Path folder) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      String message = PROGRAM + " is missing: install the Debian package mosquitto";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    configure("allow_anonymous true");
  }

  public int port() {
    return port;
  }

  public Mosquitto tls(TestCa.Identity server, TestCa clients) throws IOException {
    Files.writeString(folder.resolve("server.crt"), server.certificatePem());
    Files.writeString(folder.resolve("server.key"), server.keyPem());
    Files.writeString(folder.resolve("ca.crt"), clients.pem());
    return configure(
        "cafile ca.crt",
        "certfile server.crt",
        "keyfile server.key",
        "require_certificate true",
        "use_identity_as_username true");
  }

  private Mosquitto configure(String... lines) throws IOException {
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

  public Mosquitto start() throws IOException {
    process =
        new ProcessBuilder(PROGRAM.toString(), "-c", "mosquitto.conf")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    Awaitility.await().until(this::answers);
    return this;
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(5, TimeUnit.SECONDS);
  }

  /** SIGSTOP: takes connections still, for the kernel does, and never answers. */
  public void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  public void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
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
