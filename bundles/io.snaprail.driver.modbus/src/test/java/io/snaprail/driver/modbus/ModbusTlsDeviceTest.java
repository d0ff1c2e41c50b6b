package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.tls.TlsKeys;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is trusted over TLS, and what is said when somebody is not. */
@Timeout(60)
class ModbusTlsDeviceTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path folder;
  private TlsBench bench;

  @BeforeEach
  void start() throws Exception {
    bench = new TlsBench(folder);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void valuesAreReadAndWritten(String protocol) throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start(only(protocol))) {
      server.unit(1).set(Area.HOLDING, 0, 4711);
      ModbusTlsDevice device = bench.device(server.port());

      assertThat(Driver.read(plan(device)).value(0)).isEqualTo(new Value.Int(4711));
      write(device, 4712);
      assertThat(Driver.read(plan(device)).value(0)).isEqualTo(new Value.Int(4712));
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  /** A device whose certificate has expired. */
  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    Instant now = Instant.now();
    assertRefused(
        bench.sockets("old", now.minusSeconds(864_000), now.minusSeconds(86_400)),
        "certificate 'CN=old' is refused: it expired on",
        "Renew it at the device");
  }

  @Test
  void aCertificateThatIsNotYetValidIsRefused() throws Exception {
    Instant now = Instant.now();
    assertRefused(
        bench.sockets("early", now.plusSeconds(86_400), now.plusSeconds(864_000)),
        "it is valid only from",
        "Check the clock");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    bench.issue("stranger", "elsewhere", Use.SERVER, "127.0.0.1");
    assertRefused(
        "stranger",
        "'CN=elsewhere', was not sent and is not in",
        "Check that 'plant' is the set of trusted roots that the device's certificate comes from");
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    bench.issue("other", TlsBench.PLANT, Use.SERVER, "10.9.8.7", "plc2.example");
    assertRefused(
        "other",
        "it is for another host: expected '127.0.0.1', the certificate names",
        "Set server.name to a name that the certificate is for, or give the device one for"
            + " '127.0.0.1'");
  }

  /** A client's certificate, whoever it is from, makes nobody a device (RFC 5280, 4.2.1.12). */
  @Test
  void aCertificateOfAClientIsRefused() throws Exception {
    bench.issue("client", TlsBench.PLANT, Use.CLIENT, "127.0.0.1");
    assertRefused("client", "it is not meant for a server", "Give the device another certificate");
  }

  private void assertRefused(String identity, String... words) throws Exception {
    assertRefused(bench.sockets(identity), words);
  }

  private void assertRefused(ServerSocketFactory sockets, String... words) throws Exception {
    try (HostileModbusServer server = HostileModbusServer.start(sockets)) {
      ModbusTlsDevice device = bench.device(server.port());

      DriverException failure = Driver.readFails(plan(device));

      assertThat(failure.kind()).isEqualTo(DriverException.Kind.SECURITY);
      assertThat(failure.sent()).isFalse();
      assertThat(failure.getMessage())
          .startsWith("cannot connect to 127.0.0.1:" + server.port() + ": ")
          .contains(words);
      assertThat(server.received()).isZero();
    }
  }

  @Test
  void theNameToBeVerifiedMayBeGiven() throws Exception {
    bench.issue("named", TlsBench.PLANT, Use.SERVER, "plc1", "plc1.example");
    try (HostileModbusServer server = HostileModbusServer.start(bench.sockets("named"))) {
      server.unit(1);
      for (String name : new String[] {"plc1", "PLC1.example"}) {
        Driver.read(plan(bench.device(server.port(), "server.name", name)));
      }
      assertThat(Driver.readFails(plan(bench.device(server.port(), "server.name", "plc2"))).kind())
          .isEqualTo(DriverException.Kind.SECURITY);
    }
  }

  /** In TLS 1.3 the verdict comes after the handshake, with what would have been the answer. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void ourCertificateIsRefused(String protocol) throws Exception {
    bench.issue("foreigner", "elsewhere", Use.CLIENT);
    try (HostileModbusServer server = HostileModbusServer.start(only(protocol))) {
      server.unit(1).set(Area.HOLDING, 0, 5);
      ModbusTlsDevice device = bench.device(server.port(), "identity", "foreigner");

      DriverException failure = writeFails(device);

      assertThat(failure.kind()).isEqualTo(DriverException.Kind.SECURITY);
      assertThat(failure.sent()).isFalse();
      assertThat(failure.getMessage())
          .contains(
              "the device refuses the identity 'foreigner' (",
              "Let the device trust its issuer, or set another identity");
      assertThat(server.unit(1).get(Area.HOLDING, 0)).isEqualTo(5);
    }
  }

  @Test
  void anIdentityThatIsNotThereIsNamed() throws Exception {
    try (HostileModbusServer server = bench.server()) {
      server.unit(1);
      ModbusTlsDevice device = bench.device(server.port(), "identity", "plc1");

      DriverException failure = Driver.readFails(plan(device));
      assertThat(failure.kind()).isEqualTo(DriverException.Kind.SECURITY);
      assertThat(failure.getMessage()).contains("There is no identity named 'plc1'. Import a key");

      bench.issue("plc1", TlsBench.PLANT, Use.CLIENT);
      bench.keys.changed("plc1");
      Driver.read(plan(device));
    }
  }

  @Test
  void aMissingStoreIsNamed() {
    TlsKeys without = new TlsKeys((CertificateStore) null, bench.board);

    DriverException failure = Driver.readFails(plan(bench.device(without, 802)));

    assertThat(failure.getMessage()).contains("the certificate store is not running");
    assertThat(failure.kind()).isEqualTo(DriverException.Kind.SECURITY);
  }

  @Test
  void aDeviceNeedsAnIdentity() {
    assertThatThrownBy(() -> bench.device(802, "identity", " ").bus())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("identity: expected the name of an identity");
  }

  /** A peer that accepts and stays silent holds the call no longer than its deadline. */
  @Test
  void silenceInTheHandshakeEndsByTheDeadline() throws Exception {
    try (ServerSocket silent = listen()) {
      ReadPlan plan = plan(bench.device(silent.getLocalPort()));
      long start = System.nanoTime();

      DriverException failure = Driver.readFails(plan, SHORT);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(5));
      assertThat(failure.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
      assertThat(failure.getMessage())
          .contains("does not answer the TLS handshake. Check the port: Modbus/TLS");
    }
  }

  /** A byte now and then begins the time-out of a socket anew, and not that of the call. */
  @Test
  void aTrickleInTheHandshakeEndsByTheDeadline() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ServerSocket slow = listen()) {
      Thread trickle = new Thread(() -> trickle(slow, over));
      trickle.setDaemon(true);
      trickle.start();
      long start = System.nanoTime();

      DriverException failure = Driver.readFails(plan(bench.device(slow.getLocalPort())), SHORT);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(5));
      assertThat(failure.getMessage()).contains("does not answer the TLS handshake");
      over.countDown();
    }
  }

  /** The header of a handshake record of 16,000 bytes, and then zeros. */
  private static void trickle(ServerSocket slow, CountDownLatch over) {
    try (Socket client = slow.accept()) {
      client.getOutputStream().write(new byte[] {22, 3, 3, 0x3e, (byte) 0x80});
      while (!over.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
        client.getOutputStream().write(0);
      }
    } catch (IOException | InterruptedException e) {
      over.countDown();
    }
  }

  @Test
  void aPortThatSpeaksSomethingElseIsNamed() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ServerSocket plain = listen()) {
      Thread answer =
          new Thread(
              () -> {
                try (Socket client = plain.accept()) {
                  client.getOutputStream().write(new byte[] {0, 1, 0, 0, 0, 3, 1, (byte) 0x83, 2});
                  over.await();
                } catch (IOException | InterruptedException e) {
                  over.countDown();
                }
              });
      answer.setDaemon(true);
      answer.start();

      DriverException failure = Driver.readFails(plan(bench.device(plain.getLocalPort())));

      assertThat(failure.kind()).isEqualTo(DriverException.Kind.SECURITY);
      assertThat(failure.getMessage())
          .contains("the device does not speak TLS there. Check the port: Modbus/TLS is mostly on");
      over.countDown();
    }
  }

  /** What a Modbus server without TLS makes of a handshake is nothing that it knows. */
  @Test
  void plainModbusIsNotTakenForTls() throws Exception {
    try (HostileModbusServer plain = HostileModbusServer.start()) {
      DriverException failure = Driver.readFails(plan(bench.device(plain.port())));

      assertThat(failure.getMessage())
          .contains("closed the connection in the TLS handshake", "Modbus without TLS on 502");
    }
  }

  /** The next connection shows the new certificate; the open one ends. */
  @Test
  void aNewCertificateIsShownWithoutARestart() throws Exception {
    try (HostileModbusServer server = bench.server()) {
      server.unit(1);
      ReadPlan plan = plan(bench.device(server.port()));
      Driver.read(plan);
      bench.issue("gateway", TlsBench.PLANT, Use.CLIENT);

      bench.keys.changed("gateway");

      Awaitility.await().until(() -> server.open() == 0);
      Driver.read(plan);
      assertThat(server.accepted()).isEqualTo(2);
      bench.keys.changed("console");
      Driver.read(plan);
      assertThat(server.accepted()).as("of no concern").isEqualTo(2);
      bench.keys.changed(TlsBench.PLANT);
      Driver.read(plan);
      assertThat(server.accepted()).as("other roots").isEqualTo(3);
    }
  }

  /** What is under way is not cut off. */
  @Test
  void anExchangeIsNotCutOffByANewCertificate() throws Exception {
    try (HostileModbusServer server = bench.server()) {
      server.unit(1).set(Area.HOLDING, 0, 9);
      ReadPlan plan = plan(bench.device(server.port()));
      Driver.read(plan);
      server.next(
          x -> {
            bench.keys.changed("gateway");
            x.send(x.frame(x.rightAnswer()));
          });

      assertThat(Driver.read(plan).value(0)).isEqualTo(new Value.Int(9));

      Awaitility.await().until(() -> server.open() == 0);
      assertThat(Driver.read(plan).value(0)).isEqualTo(new Value.Int(9));
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  /** The specification has a device answer exception 1 to who may not do something. */
  @Test
  void aWriteThatIsRefusedForWantOfARoleIsExplained() throws Exception {
    try (HostileModbusServer server = bench.server()) {
      server.unit(1);
      ModbusTlsDevice device = bench.device(server.port());
      server.next(Behaviour.exception(1));

      DriverException failure = writeFails(device);

      assertThat(failure.getMessage())
          .contains(
              "exception 1 (illegal function). Over TLS: identity 'gateway' has no role in its"
                  + " certificate (extension 1.3.6.1.4.1.50316.802.1)");
      String source = "io.snaprail.driver.modbus.tls~test/role";
      assertThat(bench.problems.get(source)).hasSize(1);
      write(device, 7);
      assertThat(bench.problems.get(source)).isEmpty();
    }
  }

  @Test
  void anotherIdentityHasAnotherConnection() throws Exception {
    bench.issue("second", TlsBench.PLANT, Use.CLIENT);
    try (HostileModbusServer server = bench.server()) {
      server.unit(1);
      Driver.read(plan(bench.device(server.port())));
      Driver.read(plan(bench.device(server.port())));
      assertThat(server.accepted()).isEqualTo(1);
      Driver.read(plan(bench.device(server.port(), "identity", "second")));
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  private ServerSocketFactory only(String protocol) throws Exception {
    SSLServerSocketFactory sockets = bench.sockets("device");
    return new ServerSocketFactory() {
      @Override
      public ServerSocket createServerSocket() throws IOException {
        SSLServerSocket socket = (SSLServerSocket) sockets.createServerSocket();
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
      }

      @Override
      public ServerSocket createServerSocket(int port) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        throw new UnsupportedOperationException();
      }
    };
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static ReadPlan plan(ModbusTlsDevice device) {
    return Driver.plan(device, TestPoints.readable("a", "holding:0", "int16"));
  }

  private static void write(ModbusTlsDevice device, int value) throws DriverException {
    device.write(
        TestPoints.writable("a", "holding:0", "int16"),
        new Value.Int(value),
        Deadline.in(Driver.AMPLE));
  }

  private static DriverException writeFails(ModbusTlsDevice device) {
    DriverException failure = catchThrowableOfType(DriverException.class, () -> write(device, 6));
    assertThat(failure).as("a failure was expected").isNotNull();
    return failure;
  }
}
