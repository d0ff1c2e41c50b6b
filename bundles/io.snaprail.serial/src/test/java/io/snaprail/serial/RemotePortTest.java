package io.snaprail.serial;

import static io.snaprail.serial.Ports.everyByte;
import static io.snaprail.serial.Ports.millis;
import static io.snaprail.serial.Ports.readAll;
import static io.snaprail.serial.Ports.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.StopBits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports behind TCP and RFC 2217 servers. */
class RemotePortTest {
  @TempDir static Path libraries;
  @TempDir Path folder;
  private SerialPortsComponent service;

  @BeforeEach
  void start() {
    service = Ports.service(libraries);
  }

  @AfterEach
  void stop() {
    service.deactivate();
  }

  private SerialLease lease(String scheme, int port) throws SerialException {
    return service.lease(SerialSettings.of(scheme + "://127.0.0.1:" + port, 9600), "test");
  }

  @Test
  void passesBytesAsTheyAreOverTcp() throws Exception {
    try (ScriptedServer echo = new ScriptedServer((in, out) -> in.transferTo(out))) {
      SerialConnection connection = lease("tcp", echo.port()).open(soon());
      connection.write(everyByte(), soon());
      connection.drain(soon());
      assertThat(readAll(connection, 512)).isEqualTo(everyByte());
      connection.discardInput();
      long start = System.nanoTime();
      assertThat(connection.read(new byte[1], millis(50))).isZero();
      assertThat(System.nanoTime() - start)
          .isBetween(TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(80));
    }
  }

  @Test
  void saysThatTheLineBehindAPlainServerCannotBeChanged() throws Exception {
    try (ScriptedServer echo = new ScriptedServer((in, out) -> in.transferTo(out))) {
      SerialConnection connection = lease("tcp", echo.port()).open(soon());
      connection.setLine(LineSettings.of(9600), soon());
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> connection.setLine(LineSettings.of(300), soon()))
          .withMessageContaining("to 300 8N1")
          .withMessageContaining("rfc2217://")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.SETTINGS));
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void saysThatTheServerHungUp() throws Exception {
    try (ScriptedServer server = new ScriptedServer((in, out) -> in.read())) {
      SerialConnection connection = lease("tcp", server.port()).open(soon());
      connection.write(new byte[] {1}, soon());
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> connection.read(new byte[1], soon()))
          .withMessageContaining("the port server is gone")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LOST));
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int free = freePort();
    SerialLease lease = lease("tcp", free);
    assertThatExceptionOfType(SerialException.class)
        .isThrownBy(() -> lease.open(soon()))
        .withMessageContaining("tcp://127.0.0.1:" + free + ": cannot connect: Connection refused")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "rfc2217"})
  void closingTheLeaseEndsReadersAndThoseWhoOpen(String scheme) throws Exception {
    try (ScriptedServer silent = new ScriptedServer((in, out) -> in.transferTo(nowhere()))) {
      SerialLease lease = lease(scheme, silent.port());
      Background use = new Background(() -> lease.open(soon()).read(new byte[1], soon()));
      use.awaitIn("select");
      long start = System.nanoTime();
      lease.close();
      assertThat(use.failure().kind()).isEqualTo(Kind.CLOSED);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  @Test
  void leaksNothingWhenOpeningFails() throws Exception {
    SerialLease refused = lease("tcp", freePort());
    assertThatExceptionOfType(SerialException.class).isThrownBy(() -> refused.open(soon()));
    long before = descriptors();
    for (int i = 0; i < 20; i++) {
      assertThatExceptionOfType(SerialException.class).isThrownBy(() -> refused.open(soon()));
      try (ScriptedServer silent = new ScriptedServer((in, out) -> in.read(new byte[99]))) {
        SerialLease hungUp = lease("rfc2217", silent.port());
        assertThatExceptionOfType(SerialException.class)
            .isThrownBy(() -> hungUp.open(soon()))
            .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LOST));
        hungUp.close();
      }
    }
    await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before));
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void endsAWriteThatTheServerDoesNotTake() throws Exception {
    try (ScriptedServer deaf = new ScriptedServer((in, out) -> parkUntilClosed())) {
      SerialConnection connection = lease("tcp", deaf.port()).open(soon());
      assertThatExceptionOfType(SerialException.class)
          .isThrownBy(() -> connection.write(new byte[32 << 20], millis(100)))
          .withMessageContaining("the port server does not take them")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    }
  }

  @Test
  void setsTheLineAndPassesEveryByteThroughSer2net() throws Exception {
    Programs.require("ser2net", "ser2net");
    Path near = folder.resolve("near");
    Path far = folder.resolve("far");
    try (PseudoTerminals line = new PseudoTerminals(near, far);
        Ser2net server = new Ser2net(folder, far, freePort())) {
      SerialLease remote =
          service.lease(
              SerialSettings.of("rfc2217://127.0.0.1:" + server.port(), 9600)
                  .with(
                      new LineSettings(38_400, 8, Parity.NONE, StopBits.TWO, FlowControl.XON_XOFF)),
              "remote");
      SerialConnection a = server.open(remote);
      assertThat(server.line()).contains("speed 38400 baud").containsPattern("[^-]cstopb");
      LineSettings plain = LineSettings.of(38_400);
      SerialConnection b =
          service.lease(SerialSettings.of(near.toString(), 9600).with(plain), "local").open(soon());
      // 0xff is Telnet's escape; XON and XOFF would hold this line.
      byte[] bytes = withoutFlowControl(everyByte());
      a.write(bytes, soon());
      assertThat(readAll(b, bytes.length)).isEqualTo(bytes);
      b.write(bytes, soon());
      assertThat(readAll(a, bytes.length)).isEqualTo(bytes);

      remote.close();
      SerialLease again =
          service.lease(
              SerialSettings.of("rfc2217://127.0.0.1:" + server.port(), 115_200), "remote");
      SerialConnection c = server.open(again);
      assertThat(server.line()).contains("speed 115200 baud", "-cstopb", "-ixon");
      c.write(everyByte(), soon());
      assertThat(readAll(b, 512)).isEqualTo(everyByte());
    }
  }

  private static byte[] withoutFlowControl(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == 0x11 || bytes[i] == 0x13 ? 0x12 : bytes[i];
    }
    return bytes;
  }

  private static OutputStream nowhere() {
    return OutputStream.nullOutputStream();
  }

  private void parkUntilClosed() throws IOException {
    try (ServerSocket never = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      never.setSoTimeout(3000);
      never.accept();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Debian's ser2net in front of a terminal. */
  private static final class Ser2net implements AutoCloseable {
    private final Process process;
    private final Path device;
    private final int port;

    Ser2net(Path folder, Path device, int port) throws IOException {
      this.device = device;
      this.port = port;
      Path config =
          Files.writeString(
              folder.resolve("ser2net.yaml"),
              """
              %%YAML 1.1
              ---
              connection: &port
                accepter: telnet(rfc2217),tcp,127.0.0.1,%d
                connector: serialdev,%s,9600n81,local
              """
                  .formatted(port, device));
      process =
          new ProcessBuilder("ser2net", "-n", "-u", "-c", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("ser2net.log").toFile())
              .start();
    }

    int port() {
      return port;
    }

    /** Tries until the server listens. */
    SerialConnection open(SerialLease lease) {
      return await()
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsMatching(
              e -> e instanceof SerialException s && s.kind() == Kind.NOT_FOUND)
          .until(() -> lease.open(soon()), SerialConnection::isOpen);
    }

    String line() throws IOException {
      Process stty = new ProcessBuilder("stty", "-a", "-F", device.toString()).start();
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
