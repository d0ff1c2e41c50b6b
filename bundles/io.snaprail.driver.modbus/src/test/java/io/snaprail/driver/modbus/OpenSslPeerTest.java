package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.peer.OpenSsl;
import io.snaprail.testkit.peer.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against OpenSSL: socat takes TLS off in front of a Modbus TCP server. */
@Tag("peer")
@Timeout(60)
class OpenSslPeerTest {
  /** A UTF8String in an extension of its own (MODBUS/TCP Security Protocol Specification). */
  private static final String ROLE = "1.3.6.1.4.1.50316.802.1=ASN1:UTF8String:";

  @TempDir Path store;
  @TempDir Path files;
  private final List<Process> processes = new ArrayList<>();
  private OpenSsl openssl;
  private TlsBench bench;
  private HostileModbusServer plain;

  @BeforeEach
  void start() throws Exception {
    Programs.require("socat", "socat");
    openssl = OpenSsl.in(files).authority();
    openssl.issue(
        "device", "extendedKeyUsage=serverAuth", "subjectAltName=IP:127.0.0.1", ROLE + "plc");
    openssl.issue("operator", "extendedKeyUsage=clientAuth", ROLE + "operator");
    bench = new TlsBench(store);
    bench.store.importIdentity("operator", openssl.identity("operator"), null);
    bench.store.importRoots("openssl", openssl.read("ca.pem"));
    plain = HostileModbusServer.start();
    plain.unit(1).set(Area.HOLDING, 0, 4711);
  }

  @AfterEach
  void stop() throws Exception {
    bench.close();
    plain.close();
    for (Process process : processes) {
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS1.2", "TLS1.3"})
  void valuesAreReadAndRolesAreKnown(String version) throws Exception {
    ModbusTlsDevice device = operator(socat("verify=1", version));

    assertThat(Driver.read(plan(device)).value(0)).isEqualTo(new Value.Int(4711));
    assertThat(device.inspect().facts())
        .contains(
            new Inspection.Fact(
                "TLS",
                version.replace("TLS", "TLSv")
                    + ", identity 'operator' has the role 'operator', the device's certificate has"
                    + " the role 'plc'"));

    plain.next(Behaviour.exception(1));
    assertThat(writeFails(device).getMessage())
        .endsWith(
            "exception 1 (illegal function). Over TLS this may mean that the role 'operator' may"
                + " not do it");
    assertThat(bench.problems).isEmpty();
  }

  /** A device that does not trust whoever our certificate comes from. */
  @ParameterizedTest
  @ValueSource(strings = {"TLS1.2", "TLS1.3"})
  void ourCertificateIsRefused(String version) throws Exception {
    ModbusTlsDevice device =
        bench.device(socat("verify=1", version), "roots", "openssl", "identity", "gateway");

    DriverException failure = writeFails(device);

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.SECURITY);
    assertThat(failure.sent()).isFalse();
    assertThat(failure.getMessage())
        .contains("the device refuses the identity 'gateway' (unknown_ca)");
    assertThat(plain.received()).isZero();
  }

  @Test
  void anOldTlsIsNamed() throws Exception {
    int port = sServer("-tls1_1", "-cipher", "ALL:@SECLEVEL=0");

    DriverException failure = Driver.readFails(plan(operator(port)));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.SECURITY);
    assertThat(failure.getMessage()).contains("the device speaks", "TLS 1.2");
  }

  /** Not the device's business, but the line tells: whoever takes anybody is named. */
  @Test
  void aDeviceThatTakesAnybodyIsRead() throws Exception {
    assertThat(Driver.read(plan(operator(socat("verify=0", "TLS1.3")))).value(0))
        .isEqualTo(new Value.Int(4711));
  }

  private ModbusTlsDevice operator(int port) {
    return bench.device(port, "roots", "openssl", "identity", "operator");
  }

  private int socat(String verify, String version) throws Exception {
    int port = freePort();
    String listen =
        "OPENSSL-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork,cert=device.pem,key=device.key,cafile=ca.pem,%s,openssl-min-proto-version=%s,openssl-max-proto-version=%s"
            .formatted(port, verify, version, version);
    return started(port, "socat", listen, "TCP:127.0.0.1:" + plain.port());
  }

  private int sServer(String... more) throws Exception {
    int port = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:" + port,
                "-cert",
                "device.pem",
                "-key",
                "device.key",
                "-quiet"));
    command.addAll(List.of(more));
    return started(port, command.toArray(String[]::new));
  }

  private int started(int port, String... command) throws Exception {
    processes.add(
        new ProcessBuilder(command)
            .directory(files.toFile())
            .redirectErrorStream(true)
            .redirectOutput(files.resolve("peer" + port + ".log").toFile())
            .start());
    Awaitility.await().until(() -> listens(port));
    return port;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      // Not yet.
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static ReadPlan plan(ModbusTlsDevice device) {
    return Driver.plan(device, TestPoints.readable("a", "holding:0", "int16"));
  }

  private static DriverException writeFails(ModbusTlsDevice device) {
    DriverException failure =
        catchThrowableOfType(
            DriverException.class,
            () ->
                device.write(
                    TestPoints.writable("a", "holding:0", "int16"),
                    new Value.Int(6),
                    Deadline.in(Driver.AMPLE)));
    assertThat(failure).as("a failure was expected").isNotNull();
    return failure;
  }
}
