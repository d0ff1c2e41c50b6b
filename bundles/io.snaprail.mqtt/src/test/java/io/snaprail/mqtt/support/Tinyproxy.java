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
import org.awaitility.Awaitility;

/** Debian's tinyproxy: an HTTP proxy that someone else wrote. */
public final class Tinyproxy implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/tinyproxy");

  private final int port;
  private final Path log;
  private final Process process;

  /** Needs the program: without it a test is skipped, or fails where CI says so. */
  public Tinyproxy(Path folder, String... lines) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      String message = PROGRAM + " is missing: install the Debian package tinyproxy-bin";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    log = folder.resolve("tinyproxy.log");
    Path file = folder.resolve("tinyproxy.conf");
    Files.write(
        file,
        List.of(
            "Port " + port,
            "Listen 127.0.0.1",
            "Timeout 60",
            "LogLevel Connect",
            "LogFile \"" + log + "\"",
            String.join("\n", lines),
            ""));
    process =
        new ProcessBuilder(PROGRAM.toString(), "-d", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("tinyproxy.out").toFile())
            .start();
    Awaitility.await().until(this::answers);
  }

  public int port() {
    return port;
  }

  public String logText() throws IOException {
    return Files.readString(log);
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
    process.destroyForcibly();
    process.waitFor(5, TimeUnit.SECONDS);
  }
}
