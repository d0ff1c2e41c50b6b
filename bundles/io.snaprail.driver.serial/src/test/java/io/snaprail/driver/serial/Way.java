package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * How an instrument is connected: as it is (bytes over TCP), at a pseudo-terminal of socat, or with
 * Debian's ser2net in front of that, which passes bytes on or speaks RFC 2217.
 */
final class Way implements AutoCloseable {
  /** The ways. */
  enum Kind {
    DIRECT,
    TERMINAL,
    SER2NET,
    RFC2217
  }

  private final Kind kind;
  private final Instrument instrument;
  private final Path folder;
  private final Path terminal;
  private final int tcpPort;
  private @Nullable Process socat;
  private @Nullable Process ser2net;

  Way(Kind kind, Instrument instrument) {
    this.kind = kind;
    this.instrument = instrument;
    require(kind != Kind.DIRECT, "socat", "/usr/bin/socat");
    require(kind == Kind.SER2NET || kind == Kind.RFC2217, "ser2net", "/usr/sbin/ser2net");
    try {
      folder = Files.createTempDirectory("snaprail-way");
      tcpPort = freePort();
      terminal = folder.resolve("port");
      if (kind != Kind.DIRECT) {
        socat = socat();
      }
      serve();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(boolean needed, String name, String file) {
    boolean there = !needed || Files.isExecutable(Path.of(file));
    if (!there && "true".equals(System.getenv("CI"))) {
      fail("the Debian package " + name + " is missing");
    }
    Assumptions.assumeTrue(there, "the Debian package " + name + " is missing");
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Process socat() throws IOException {
    String far = instrument.port().replace("tcp://", "tcp:");
    Process process = start("socat", "pty,rawer,link=" + terminal, far);
    await().until(() -> Files.exists(terminal) && instrument.clients() == 1);
    return process;
  }

  private void serve() throws IOException {
    if (kind != Kind.SER2NET && kind != Kind.RFC2217) {
      return;
    }
    String accepter = kind == Kind.RFC2217 ? "telnet(rfc2217),tcp" : "tcp";
    Path config =
        Files.write(
            folder.resolve("ser2net.yaml"),
            List.of(
                "%YAML 1.1",
                "---",
                "connection: &port",
                "  accepter: %s,127.0.0.1,%d".formatted(accepter, tcpPort),
                "  connector: serialdev,%s,9600n81,local".formatted(terminal)));
    ser2net = start("ser2net", "-n", "-u", "-c", config.toString());
    // A connection to try it would be the one that it allows.
    await().until(this::taken);
  }

  private boolean taken() {
    try (ServerSocket own = new ServerSocket(tcpPort, 1, InetAddress.getLoopbackAddress())) {
      return own.isClosed();
    } catch (IOException e) {
      return true;
    }
  }

  private Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(command[0] + ".log").toFile())
        .start();
  }

  String port() {
    return switch (kind) {
      case DIRECT -> instrument.port();
      case TERMINAL -> terminal.toString();
      case SER2NET -> "tcp://127.0.0.1:" + tcpPort;
      case RFC2217 -> "rfc2217://127.0.0.1:" + tcpPort;
    };
  }

  void cut() {
    switch (kind) {
      case DIRECT -> instrument.vanish();
      case TERMINAL -> {
        end(socat);
        instrument.dropped();
        await().until(() -> !Files.exists(terminal));
      }
      default -> end(ser2net);
    }
  }

  void heal() {
    try {
      if (kind == Kind.DIRECT) {
        instrument.comeBack();
      } else if (kind == Kind.TERMINAL && !running(socat)) {
        socat = socat();
      } else if (!running(ser2net)) {
        serve();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean running(@Nullable Process process) {
    return process != null && process.isAlive();
  }

  private static void end(@Nullable Process process) {
    if (process != null) {
      // Not by force: socat takes its link away.
      process.destroy();
      await().until(() -> !process.isAlive());
    }
  }

  @Override
  public void close() {
    end(ser2net);
    end(socat);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
