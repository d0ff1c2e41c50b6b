package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/**
 * Bad input gives one message that names file, line, key, expected and found, on the problem board
 * (which is what the console and the health API show) and in the log; a witness device shows that
 * nothing else stops.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BadInputIT {
  private static final String MODBUS = "io.snaprail.driver.modbus.tcp";
  private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");

  @Inject private BundleContext context;
  @Inject private ProblemBoard board;
  @Inject private Gateway gateway;
  @Inject private CertificateStore certificates;
  @Inject private CertificateAuthorities authorities;

  private Path config;
  private long witnessed;

  @org.ops4j.pax.exam.Configuration
  public Option[] distribution() throws Exception {
    return FrameworkOptions.distribution("badinput", Image.RUN);
  }

  @Before
  public void startWitness() throws IOException {
    config = Path.of(context.getProperty("snaprail.config"));
    write(
        "io.snaprail.driver.simulator~witness",
        "{ \"period.ms\": 100, \"points\": [\"n,counter,int32\"] }");
    await().atMost(Duration.ofSeconds(20)).until(() -> witness() > 0);
    witnessed = witness();
  }

  @After
  public void theWitnessWentOn() {
    await().until(() -> witness() > witnessed);
    assertThat(device("witness").state()).isEqualTo(DeviceStatus.State.ONLINE);
  }

  private long witness() {
    return gateway.point("witness", "n").map(p -> p.sequence()).orElse(0L);
  }

  private DeviceStatus device(String name) {
    return gateway.devices().stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
  }

  private void write(String pid, String json) throws IOException {
    Files.writeString(config.resolve(pid + ".json"), json);
  }

  /** Waits for one message with all these parts, here and in the log, and gives it back. */
  private String awaitMessage(String... parts) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(messages()).anyMatch(m -> containsAll(m, parts)));
    assertThat(messages()).filteredOn(m -> containsAll(m, parts)).hasSize(1);
    Path log = Path.of(context.getProperty("snaprail.data")).resolve("logs/snaprail.log");
    assertThat(Image.read(log).lines().filter(l -> containsAll(l, parts))).isNotEmpty();
    return messages().stream().filter(m -> containsAll(m, parts)).findFirst().orElseThrow();
  }

  private List<String> messages() {
    return board.problems().stream().map(e -> e.problem().message()).toList();
  }

  private static boolean containsAll(String text, String... parts) {
    return List.of(parts).stream().allMatch(text::contains);
  }

  @Test
  public void aRegisterMapIsCheckedRowByRow() throws Exception {
    Files.writeString(
        config.resolve("maps/bad.csv"),
        """
        name,address,type,order,scale
        ok,holding:1,int16,,0.1
        scale,holding:2,int16,,zero point one
        type,holding:3,uint17
        address,holding:70000,int16
        ok,holding:4,int16
        """);
    write(MODBUS + "~badmap", "{ \"host\": \"127.0.0.1\", \"port\": 9, \"map\": \"bad.csv\" }");
    awaitMessage("maps/bad.csv:3", "column 'scale'", "expected a decimal", "'zero point one'");
    awaitMessage("maps/bad.csv:4", "uint17", "uint16", "expected");
    awaitMessage("maps/bad.csv:5", "0..65535", "70000");
    awaitMessage("maps/bad.csv:6", "duplicate point 'ok'", "maps/bad.csv:2");
    // The good row is in use; its device is away, which is said once too.
    awaitMessage("127.0.0.1:9", "refused");
    assertThat(device("badmap").points()).isEqualTo(1);
  }

  @Test
  public void anUnknownKeyAndAValueOutOfRangeAreNamedWithTheirLine() throws Exception {
    write(
        MODBUS + "~badkeys",
        "{\n  \"host\": \"127.0.0.1\",\n  \"port\": 9,\n  \"periodms\": 5,\n"
            + "  \"points\": [\"a,holding:1,int16\"]\n}\n");
    awaitMessage("badkeys.json:4", "periodms", "period.ms");
    write(
        MODBUS + "~badrange",
        "{\n  \"host\": \"127.0.0.1\",\n  \"port\": 70000,\n"
            + "  \"points\": [\"a,holding:1,int16\"]\n}\n");
    awaitMessage("badrange.json:3", "port", "70000", "1..65535");
  }

  @Test
  public void anUnknownHostIsNamed() throws Exception {
    write(
        MODBUS + "~nohost",
        "{ \"host\": \"no-such-host.invalid\", \"points\": [\"a,holding:1,int16\"] }");
    awaitMessage("no-such-host.invalid");
  }

  @Test
  public void aPemThatCannotBeReadSaysWhatItIs() throws Exception {
    certificates.createSigningRequest("unreadable", KeyType.EC_P256, "CN=unreadable", List.of());
    assertThatThrownBy(() -> certificates.importCertificate("unreadable", "hello"))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("PEM");
    assertThatThrownBy(
            () ->
                certificates.importCertificate(
                    "unreadable", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("Line 1: the certificate cannot be read");
  }

  @Test
  public void anExpiredAndAMisnamedServerCertificateAreTold() throws Exception {
    Program.require(MOSQUITTO, "mosquitto");
    var authority = authorities.open("badinput", "CN=Bad input test");
    certificates.importRoots("badinput", pem(authority.certificate()));
    Instant now = Instant.now();
    Path work = Files.createTempDirectory(Image.WORK, "badinput-tls");
    try (Program expired =
            broker(work, "expired", "localhost", now.minusSeconds(7200), now.minusSeconds(3600));
        Program misnamed =
            broker(
                work, "misnamed", "other.example", now.minusSeconds(60), now.plusSeconds(3600))) {
      awaitMessage("mqtts://localhost:" + port(expired), "expired");
      awaitMessage("mqtts://localhost:" + port(misnamed), "localhost", "other.example");
    }
  }

  private static String port(Program broker) {
    return broker.line("listen socket on port").replaceAll(".*port (\\d+).*", "$1");
  }

  private Program broker(Path work, String name, String host, Instant from, Instant to)
      throws Exception {
    Path key = work.resolve(name + ".key");
    Path csr = work.resolve(name + ".csr");
    Program.run(
        "openssl",
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=" + host,
        "-keyout",
        key,
        "-out",
        csr);
    X509Certificate certificate =
        authorities
            .open("badinput", "CN=Bad input test")
            .issue(
                Files.readString(csr), CertificateAuthorities.Use.SERVER, List.of(host), from, to);
    Path pem = Files.writeString(work.resolve(name + ".pem"), pem(certificate));
    int port = Ports.free();
    Path conf =
        Files.writeString(
            work.resolve(name + ".conf"),
            "listener %d 127.0.0.1\ncertfile %s\nkeyfile %s\nallow_anonymous true\nuser root\n"
                .formatted(port, pem, key));
    Program broker = Program.start(MOSQUITTO, "-v", "-c", conf);
    await().until(() -> broker.line("listen socket on port") != null);
    write(
        "io.snaprail.mqtt~" + name,
        "{ \"host\": \"localhost\", \"port\": %d, \"roots\": \"badinput\" }".formatted(port));
    return broker;
  }

  private static String pem(X509Certificate certificate) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
