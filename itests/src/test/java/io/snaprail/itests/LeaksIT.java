package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.net.ssl.SSLServerSocketFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Devices that are set up anew, and servers that go and come back, over and over: nothing is left
 * behind. {@code ./snaprail leaks} is the long run of it.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LeaksIT {
  private static final int CYCLES = Integer.getInteger("leaks.cycles", 20);

  /** Until then classes are loaded, pools grow and files are opened that stay. */
  private static final int WARM_UP = 8;

  /** What may come and go on its own, such as a file that is being written. */
  private static final int SLACK = 3;

  /**
   * Workers of the lanes come when none waits for work. A lane that is handed on has two for a
   * moment: the one that takes it, and the one that is not yet back.
   */
  private static final String WORKER = "snaprail-lane-N";

  private static final String TLS = "tls";

  /** Each cycle uses the next of them. */
  private static final Map<String, Wire> TRANSPORTS =
      new TreeMap<>(
          Map.of(
              "tcp",
              Wire.TCP,
              TLS,
              Wire.TCP,
              "rtutcp",
              Wire.RTU_OVER_TCP,
              "asciitcp",
              Wire.ASCII_OVER_TCP,
              "udp",
              Wire.UDP));

  @Inject private ConfigurationAdmin configurations;
  @Inject private CertificateStore certificates;
  @Inject private Gateway gateway;

  private final List<Plant> plants = new ArrayList<>();

  @org.ops4j.pax.exam.Configuration
  public Option[] distribution() throws Exception {
    return FrameworkOptions.distribution("leaks", Image.RUN);
  }

  /** What must be the same afterwards. */
  private record Holdings(int descriptors, Map<String, Long> threads, int buses, int connections) {
    Map<String, Long> fixedThreads() {
      Map<String, Long> fixed = new TreeMap<>(threads);
      fixed.remove(WORKER);
      return fixed;
    }

    int threadCount() {
      return threads.values().stream().mapToInt(Long::intValue).sum();
    }
  }

  /** A device, and two servers that it is turned between; what it reads tells which. */
  private static final class Plant {
    final String transport;
    final List<HostileModbusServer> servers = new ArrayList<>();
    int turn;

    Plant(String transport, Wire wire, SSLServerSocketFactory tls) throws IOException {
      this.transport = transport;
      for (int i = 0; i < 2; i++) {
        HostileModbusServer server =
            tls == null ? HostileModbusServer.start(wire) : HostileModbusServer.start(tls);
        servers.add(server);
        for (int unit = 1; unit <= 3; unit++) {
          server.unit(unit).set(Area.HOLDING, 0, 10 * i + unit);
        }
      }
    }

    HostileModbusServer server() {
      return servers.get(turn % 2);
    }

    int unit() {
      return 1 + turn % 3;
    }

    Value value() {
      return new Value.Int(10L * (turn % 2) + unit());
    }

    Dictionary<String, Object> properties() {
      Dictionary<String, Object> properties = new Hashtable<>();
      properties.put("host", "127.0.0.1");
      properties.put("port", server().port());
      properties.put("unit", unit());
      properties.put("period.ms", 20 + turn % 2 * 10);
      properties.put("timeout.ms", 1000 + turn % 5);
      properties.put("backoff.min.ms", 10);
      properties.put("backoff.max.ms", 20);
      properties.put("points", new String[] {"v,holding:0,uint16"});
      if (transport.equals(TLS)) {
        properties.put("identity", "gateway");
        properties.put("roots", "plant");
      }
      return properties;
    }
  }

  @Before
  public void start() throws Exception {
    SSLServerSocketFactory tls = tls();
    for (Map.Entry<String, Wire> transport : TRANSPORTS.entrySet()) {
      plants.add(
          new Plant(
              transport.getKey(),
              transport.getValue(),
              transport.getKey().equals(TLS) ? tls : null));
    }
    for (Plant plant : plants) {
      configure(plant);
    }
  }

  /** Listening sockets of a device that asks for the certificate of the gateway. */
  private SSLServerSocketFactory tls() throws Exception {
    if (!certificates.rootSets().contains("plant")) {
      OpenSsl ca = OpenSsl.in(Files.createTempDirectory(Image.WORK, "leaks-tls")).authority();
      ca.issue("device", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
      ca.issue("gateway", "extendedKeyUsage=clientAuth\n");
      for (String name : List.of("device", "gateway")) {
        certificates.importIdentity(name, ca.identity(name), null);
      }
      certificates.importRoots("plant", ca.read("ca.pem"));
    }
    return certificates.serverContext("device", "plant").getServerSocketFactory();
  }

  @After
  public void stop() throws IOException {
    for (Plant plant : plants) {
      configuration(plant).delete();
      plant.servers.forEach(HostileModbusServer::close);
    }
  }

  @Test
  public void aDeviceThatIsSetUpAnewLeavesNothingBehind() throws IOException {
    cycles(
        "reconfigurations",
        (plant, cycle) -> {
          plant.turn++;
          if (cycle % 10 == 9) {
            configuration(plant).delete();
            await().until(() -> device(plant) == null);
          }
          configure(plant);
        });
  }

  @Test
  public void aServerThatGoesAndComesBackLeavesNothingBehind() throws IOException {
    cycles(
        "losses of the server",
        (plant, cycle) -> {
          plant.server().vanish();
          await()
              .atMost(Duration.ofSeconds(20))
              .pollInterval(Duration.ofMillis(5))
              .until(() -> state(plant) == DeviceStatus.State.OFFLINE);
          plant.server().comeBack();
          awaitRight(plant);
        });
  }

  private interface Cycle {
    void run(Plant plant, int cycle) throws IOException;
  }

  private void cycles(String what, Cycle cycle) throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      cycle.run(plants.get(i % plants.size()), i);
    }
    // Each plant as it will be at the end: on the same server.
    Holdings before = settled(holdings());
    long start = System.nanoTime();
    for (int i = 0; i < CYCLES; i++) {
      cycle.run(plants.get(i % plants.size()), i);
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    Holdings after = settled(before);
    System.out.printf(
        "leaks: %d %s in %d s: descriptors %d, then %d; threads %d, then %d; buses %d, then %d;"
            + " connections %d, then %d%n",
        CYCLES,
        what,
        time.toSeconds(),
        before.descriptors,
        after.descriptors,
        before.threadCount(),
        after.threadCount(),
        before.buses,
        after.buses,
        before.connections,
        after.connections);
    assertThat(after.descriptors).isLessThanOrEqualTo(before.descriptors + SLACK);
    assertThat(after.fixedThreads()).isEqualTo(before.fixedThreads());
    assertThat(after.threads.getOrDefault(WORKER, 0L)).isLessThanOrEqualTo(2L * before.buses);
    assertThat(after.buses).isEqualTo(before.buses);
    assertThat(after.connections).isEqualTo(plants.size() - 1);
    assertThat(ManagementFactory.getThreadMXBean().findDeadlockedThreads()).isNull();
  }

  /** What is held when nothing is about to end any more; waits for what was held before. */
  private Holdings settled(Holdings expected) throws IOException {
    try {
      await()
          .atMost(Duration.ofSeconds(15))
          .until(
              () -> {
                Holdings now = holdings();
                return now.descriptors <= expected.descriptors + SLACK
                    && now.fixedThreads().equals(expected.fixedThreads())
                    && now.buses == expected.buses
                    && now.connections == expected.connections;
              });
    } catch (ConditionTimeoutException e) {
      // What differs is said by the assertions.
      return holdings();
    }
    return holdings();
  }

  private Holdings holdings() throws IOException {
    int descriptors;
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      descriptors = (int) open.count();
    }
    // The numbers of threads and of ports in their names count up.
    Map<String, Long> threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(thread -> thread.getName().replaceAll("[0-9]+", "N"))
            .filter(name -> name.startsWith("snaprail-") && !name.startsWith("snaprail-testkit"))
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    // As the servers see it: a socket that was forgotten is closed by the collector some time, and
    // its descriptor is no more to be found.
    int connections =
        plants.stream()
            .filter(plant -> TRANSPORTS.get(plant.transport) != Wire.UDP)
            .flatMap(plant -> plant.servers.stream())
            .mapToInt(HostileModbusServer::open)
            .sum();
    return new Holdings(descriptors, threads, gateway.buses().size(), connections);
  }

  private void configure(Plant plant) throws IOException {
    configuration(plant).update(plant.properties());
    awaitRight(plant);
  }

  private Configuration configuration(Plant plant) throws IOException {
    return configurations.getFactoryConfiguration(
        "io.snaprail.driver.modbus." + plant.transport, "leak-" + plant.transport, "?");
  }

  private void awaitRight(Plant plant) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              PointStatus point = gateway.point("leak-" + plant.transport, "v").orElse(null);
              return point != null
                  && point.sample() != null
                  && point.sample().quality() == Quality.GOOD
                  && plant.value().equals(point.sample().value())
                  && state(plant) == DeviceStatus.State.ONLINE;
            });
  }

  private DeviceStatus.State state(Plant plant) {
    DeviceStatus device = device(plant);
    return device == null ? null : device.state();
  }

  private DeviceStatus device(Plant plant) {
    return gateway.devices().stream()
        .filter(d -> d.name().equals("leak-" + plant.transport))
        .findFirst()
        .orElse(null);
  }
}
