package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/**
 * From a pymodbus server to a Mosquitto that requires certificates: both ends are programs that
 * nobody here wrote.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PeersIT {
  private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");
  private static final Path MOSQUITTO_SUB = Path.of("/usr/bin/mosquitto_sub");
  private static final Path SERVER =
      Path.of(System.getProperty("snaprail.work"))
          .resolve("../../src/test/python/modbus_server.py");

  private static final String MAP =
      """
      name,address,type,order,scale,offset,unit,access
      int16,holding:0,int16,,0.1,0,°C,r
      uint16,holding:1,uint16
      int32,holding:2,int32,ABCD
      uint32,holding:4,uint32,CDAB
      float32,holding:6,float32
      float_cdab,input:8,float32,CDAB
      int32_badc,input:10,int32,BADC
      float_dcba,holding:12,float32,DCBA
      int16_ba,holding:14,int16,BA
      coil,coil:1,bool
      discrete,discrete:1,bool
      """;

  private static final String CLIENT =
      "extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n";

  @Inject private BundleContext context;
  @Inject private CertificateStore certificates;
  @Inject private ProblemBoard board;

  @org.ops4j.pax.exam.Configuration
  public Option[] distribution() throws Exception {
    return FrameworkOptions.distribution("peers", Image.RUN);
  }

  @Test
  public void valuesArriveRightToTheBitOverMutualTls() throws Exception {
    Program.requirePython(
        "pymodbus.server", "python3-pymodbus, python3-serial and python3-serial-asyncio");
    Program.require(MOSQUITTO, "mosquitto");
    Program.require(MOSQUITTO_SUB, "mosquitto-clients");
    Path work = Files.createTempDirectory(Image.WORK, "peers-tls");
    OpenSsl ca = OpenSsl.in(work.resolve("ca")).authority();
    ca.issue("broker", "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
    ca.issue("reader", CLIENT);
    int modbus = Ports.free();
    int mqtt = Ports.free();
    try (Program server = Program.start("/usr/bin/python3", SERVER, modbus);
        Program broker = Program.start(MOSQUITTO, "-v", "-c", brokerConfig(work, ca, mqtt));
        Program reader = startReader(ca, mqtt)) {
      awaitListening(modbus, server);
      configureDevice(modbus);
      for (KeyType type : List.of(KeyType.EC_P256, KeyType.RSA_2048)) {
        String name = "peer-" + type.name().toLowerCase(Locale.ROOT).replace('_', '-');
        makeIdentity(name, type, ca);
        configureUplink(name, mqtt);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> reader.line("plant/" + name + "/pymodbus ") != null);
        assertValues(reader.line("plant/" + name + "/pymodbus "));
        // Mosquitto takes the user's name from the certificate: it was this identity.
        assertThat(broker.lines()).anyMatch(l -> l.contains("u'" + name + "'"));
      }
      rotate("peer-ec-p256", ca, broker, reader);
    }
    // Broker and device are gone: both are said, in one message each, and nothing else stops.
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(board.problems().stream().map(e -> e.problem().message()))
                    .anyMatch(m -> m.contains("127.0.0.1:" + modbus))
                    .anyMatch(m -> m.contains("localhost:" + mqtt)));
  }

  private static Path brokerConfig(Path work, OpenSsl ca, int port) throws IOException {
    return Files.writeString(
        work.resolve("mosquitto.conf"),
        String.join(
            "\n",
            "listener " + port + " 127.0.0.1",
            "cafile " + ca.file("ca.pem"),
            "certfile " + ca.file("broker.pem"),
            "keyfile " + ca.file("broker.key"),
            "require_certificate true",
            "use_identity_as_username true",
            "allow_anonymous false",
            "user root",
            ""));
  }

  private static Program startReader(OpenSsl ca, int port) throws Exception {
    await().until(() -> listening(port));
    return Program.start(
        MOSQUITTO_SUB,
        "-h",
        "localhost",
        "-p",
        port,
        "--cafile",
        ca.file("ca.pem"),
        "--cert",
        ca.file("reader.pem"),
        "--key",
        ca.file("reader.key"),
        "-t",
        "#",
        "-v");
  }

  private static void awaitListening(int port, Program server) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(listening(port)).as("pymodbus: " + server.lines()).isTrue());
  }

  private static boolean listening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void makeIdentity(String name, KeyType type, OpenSsl ca) throws Exception {
    String csr = certificates.createSigningRequest(name, type, "CN=" + name, List.of());
    certificates.importCertificate(name, ca.signed(csr, CLIENT));
    certificates.importRoots("plant", ca.read("ca.pem"));
  }

  /** A new certificate goes into force once the broker has accepted it, and no value is lost. */
  private void rotate(String name, OpenSsl ca, Program broker, Program reader) throws Exception {
    String csr = certificates.createSigningRequest(name, KeyType.EC_P256, "CN=renewed", List.of());
    IdentityInfo renewed = certificates.importCertificate(name, ca.signed(csr, CLIENT));
    assertThat(renewed.state()).isEqualTo(IdentityInfo.State.TRIAL);

    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> certificates.active(name).map(IdentityInfo::fingerprint).orElse(""),
            renewed.fingerprint()::equals);
    assertThat(broker.lines()).anyMatch(l -> l.contains("u'renewed'"));

    String topic = "plant/" + name + "/pymodbus ";
    int before = sequences(reader, topic).size();
    await().until(() -> sequences(reader, topic).size() > before + 10);
    List<Long> seen = sequences(reader, topic);
    List<Long> all =
        LongStream.rangeClosed(seen.get(0), seen.get(seen.size() - 1)).boxed().toList();
    assertThat(seen).as("numbers of the batches").containsAll(all);
  }

  private static List<Long> sequences(Program reader, String topic) {
    return reader.lines().stream()
        .filter(line -> line.contains(topic))
        .map(line -> JsonParser.parseString(line.substring(line.indexOf('{'))))
        .map(payload -> payload.getAsJsonObject().get("seq").getAsLong())
        .toList();
  }

  private void configureDevice(int port) throws IOException {
    Path config = Path.of(context.getProperty("snaprail.config"));
    Files.writeString(config.resolve("maps/pymodbus.csv"), MAP);
    Files.writeString(
        config.resolve("io.snaprail.driver.modbus.tcp~pymodbus.json"),
        "{ \"host\": \"127.0.0.1\", \"port\": %d, \"map\": \"pymodbus.csv\", \"period.ms\": 200 }"
            .formatted(port));
  }

  private void configureUplink(String name, int port) throws IOException {
    Path config = Path.of(context.getProperty("snaprail.config"));
    Files.writeString(
        config.resolve("io.snaprail.mqtt~" + name + ".json"),
        """
        { "host": "localhost", "port": %d, "identity": "%s", "roots": "plant",
          "client.id": "%s", "topic": "plant/%s/{{device}}" }
        """
            .formatted(port, name, name, name));
  }

  private static void assertValues(String line) {
    JsonObject payload =
        JsonParser.parseString(line.substring(line.indexOf('{'))).getAsJsonObject();
    assertThat(payload.get("device").getAsString()).isEqualTo("pymodbus");
    JsonObject values = payload.getAsJsonObject("values");
    assertValue(values, "int16", "-123.4");
    assertValue(values, "uint16", "65535");
    assertValue(values, "int32", "-2147483648");
    assertValue(values, "uint32", "4294967294");
    assertValue(values, "float32", "12.34");
    assertValue(values, "float_cdab", "-0.1");
    assertValue(values, "int32_badc", "305419896");
    assertValue(values, "float_dcba", "1.0E-20");
    assertValue(values, "int16_ba", "258");
    assertValue(values, "coil", "true");
    assertValue(values, "discrete", "false");
  }

  private static void assertValue(JsonObject values, String point, String expected) {
    JsonObject value = values.getAsJsonObject(point);
    assertThat(value.get("q").getAsString()).as(point + " " + value).isEqualTo("GOOD");
    assertThat(value.get("v").getAsString()).as(point).isEqualTo(expected);
  }
}
