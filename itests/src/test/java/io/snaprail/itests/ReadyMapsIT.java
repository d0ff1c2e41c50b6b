package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.testkit.peer.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/**
 * Every register map that ships, read over Modbus/TLS from pymodbus, which reads the maps in its
 * own way: certificates on both sides are made by openssl.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ReadyMapsIT {
  private static final Path SERVER =
      Path.of(System.getProperty("snaprail.work")).resolve("../../src/test/python/map_server.py");

  private static final double PRECISION = 1e-9;

  @Inject private BundleContext context;
  @Inject private CertificateStore certificates;
  @Inject private Gateway gateway;

  @org.ops4j.pax.exam.Configuration
  public Option[] distribution() throws Exception {
    return FrameworkOptions.distribution("maps", Image.RUN);
  }

  @Test
  public void everyPointOfEveryReadyMapHasItsValue() throws Exception {
    Program.requirePython(
        "pymodbus.server", "python3-pymodbus, python3-serial and python3-serial-asyncio");
    Path work = Files.createTempDirectory(Image.WORK, "maps-tls");
    OpenSsl ca = OpenSsl.in(work).authority();
    ca.issue("device", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
    ca.issue("gateway", "extendedKeyUsage=clientAuth\n");
    certificates.importIdentity("gateway", ca.identity("gateway"), null);
    certificates.importRoots("plant", ca.read("ca.pem"));
    int port = Ports.free();
    try (Program server =
        Program.start("/usr/bin/python3", SERVER, port, Image.HOME.resolve("maps"), work)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(server.lines()).contains("starting"));
      List<String[]> lines = server.lines().stream().map(line -> line.split(" ")).toList();
      List<String[]> units = lines.stream().filter(line -> line[0].equals("unit")).toList();
      List<String[]> expected = lines.stream().filter(line -> line[0].equals("expect")).toList();
      assertThat(units).hasSizeGreaterThanOrEqualTo(8);
      assertThat(expected).hasSizeGreaterThan(300);
      for (String[] unit : units) {
        configure(port, unit[1], unit[2]);
      }
      for (String[] each : expected) {
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertHas("unit-" + each[1], each[2], each[3]));
      }
    }
  }

  private void configure(int port, String unit, String map) throws Exception {
    Path config = Path.of(context.getProperty("snaprail.config"));
    Files.writeString(
        config.resolve("io.snaprail.driver.modbus.tls~unit-" + unit + ".json"),
        """
        { "host": "127.0.0.1", "port": %d, "unit": %s, "identity": "gateway", "roots": "plant",
          "map": "%s", "timeout.ms": 10000 }
        """
            .formatted(port, unit, map));
  }

  private void assertHas(String device, String name, String expected) {
    PointStatus point = gateway.point(device, name).orElse(null);
    assertThat(point).as(device + " " + name).isNotNull();
    assertThat(point.sample()).as(device + " " + name).isNotNull();
    assertThat(point.sample().quality()).as("%s", point.sample()).isEqualTo(Quality.GOOD);
    Value value = point.sample().value();
    double number =
        value instanceof Value.Bool bool
            ? (bool.value() ? 1 : 0)
            : Double.parseDouble(value.text());
    double wanted = Double.parseDouble(expected);
    assertThat(Math.abs(number - wanted))
        .as("%s %s: %s, expected %s", device, name, value, expected)
        .isLessThanOrEqualTo(PRECISION * Math.abs(wanted));
  }
}
