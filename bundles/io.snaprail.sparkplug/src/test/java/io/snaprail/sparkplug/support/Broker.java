package io.snaprail.sparkplug.support;

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
import org.awaitility.Awaitility;

/** A Debian mosquitto of the test's own. */
public final class Broker implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");

  private final Path folder;
  private final int port;
  private Process process;

  /** Needs the program: without it a test is skipped, or fails where CI says so. */
  public Broker(Path folder) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      String message = PROGRAM + " is missing: install the Debian package mosquitto";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.write(
        folder.resolve("mosquitto.conf"),
        List.of(
            "listener " + port + " 127.0.0.1",
            "allow_anonymous true",
            "max_queued_messages 0",
            "log_dest stderr",
            "log_type all",
            "user root",
            ""));
  }

  public int port() {
    return port;
  }

  public Broker start() throws IOException {
    process =
        new ProcessBuilder(PROGRAM.toString(), "-c", "mosquitto.conf")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("mosquitto.log").toFile()))
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

  public String log() throws IOException {
    return Files.readString(folder.resolve("mosquitto.log"));
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
