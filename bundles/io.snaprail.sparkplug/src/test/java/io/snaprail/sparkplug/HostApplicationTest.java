package io.snaprail.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.DeviceStatus.State;
import io.snaprail.api.uplink.UplinkStatus;
import io.snaprail.sparkplug.support.TahuHost;
import io.snaprail.testkit.peer.Mosquitto;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.eclipse.tahu.message.model.Metric;
import org.eclipse.tahu.message.model.Metric.MetricBuilder;
import org.eclipse.tahu.message.model.MetricDataType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An edge node over the real connection and the real spool to Debian's mosquitto, with Eclipse
 * Tahu's host application behind it: both are someone else's. Tahu asks for a rebirth when a
 * sequence number or a birth is wrong, which shows here as a second NBIRTH.
 */
@Tag("peer")
@Timeout(180)
class HostApplicationTest {
  @TempDir Path folder;
  private Mosquitto broker;
  private World world;
  private TahuHost host;
  private String group;

  @BeforeAll
  static void patience() {
    Awaitility.setDefaultTimeout(30, TimeUnit.SECONDS);
  }

  @AfterAll
  static void noMore() {
    Awaitility.reset();
  }

  @BeforeEach
  void start() throws Exception {
    // Tahu's registry of edge nodes is one for the process: each test has a group of its own.
    group = "g" + System.nanoTime();
    broker =
        new Mosquitto(folder).configure("allow_anonymous true", "max_queued_messages 0").start();
    world = new World(folder);
    world.plant.device("boiler", State.ONLINE).point("boiler", "level", "int64", "mm");
  }

  @AfterEach
  void end() throws Exception {
    world.close();
    if (host != null) {
      host.close();
    }
    broker.close();
  }

  private void node(Object... more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("host", "127.0.0.1");
    settings.put("port", broker.port());
    settings.put("tls", false);
    settings.put("group", group);
    settings.put("node", "gw");
    settings.put("backlog", "in-order");
    for (int i = 0; i < more.length; i += 2) {
      settings.put((String) more[i], more[i + 1]);
    }
    world.start("s-" + group, settings);
  }

  private void host() throws Exception {
    host = new TahuHost("scada", group, broker.port()).start();
    await().atMost(20, TimeUnit.SECONDS).until(() -> host.count("connect") > 0);
  }

  private void levels(int from, int to) {
    for (int i = from; i <= to; i++) {
      world.sample(world.plant.read("boiler", Instant.now(), Map.of("level", new Value.Int(i))));
    }
  }

  private List<Object> values() {
    return host.data.stream().map(Metric::getValue).toList();
  }

  private static List<Object> longs(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> (Object) (long) i).toList();
  }

  private void awaitConnected() {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> world.uplink().status().state() == UplinkStatus.State.CONNECTED);
  }

  @Test
  void hostSeesBirthsAndEveryValueInOrder() throws Exception {
    host();
    levels(1, 1);
    node();
    await().until(() -> host.events.contains("DBIRTH boiler"));
    levels(2, 1001);
    await().atMost(20, TimeUnit.SECONDS).until(() -> host.data.size() >= 1000);
    assertThat(values()).containsExactlyElementsOf(longs(2, 1001));
    assertThat(host.data).noneMatch(Metric::isHistorical);
    assertThat(host.events.stream().filter(event -> event.startsWith("NBIRTH")))
        .containsExactly("NBIRTH 0");
    Metric level =
        host.births.stream().filter(one -> one.getName().equals("level")).findFirst().orElseThrow();
    assertThat(level.getDataType()).isEqualTo(MetricDataType.Int64);
    assertThat(level.getValue()).isEqualTo(1L);
    assertThat(level.getProperties().getPropertyValue("engUnit").getValue()).isEqualTo("mm");
  }

  @Test
  void orderlyStopIsADeathAndTheNextStartHasAnotherNumber() throws Exception {
    host();
    node();
    await().until(() -> host.events.contains("DBIRTH boiler"));
    world.stop();
    await().until(() -> host.events.contains("NDEATH 0"));
    node();
    await().until(() -> host.events.contains("NBIRTH 1"));
    assertThat(host.count("NDEATH 0")).isEqualTo(1);
  }

  // The will: whoever takes the client id ends the connection without a DISCONNECT.
  @Test
  void lossOfTheConnectionIsTheDeathOfItsBirth() throws Exception {
    host();
    node();
    await().until(() -> host.events.contains("DBIRTH boiler"));
    new ProcessBuilder(
            "mosquitto_pub",
            "-p",
            Integer.toString(broker.port()),
            "-i",
            "snaprail-" + group + "-gw",
            "-t",
            "x",
            "-m",
            "x")
        .start()
        .waitFor(10, TimeUnit.SECONDS);
    await().atMost(20, TimeUnit.SECONDS).until(() -> host.events.contains("NBIRTH 1"));
    assertThat(host.events).containsSubsequence("NBIRTH 0", "NDEATH 0", "NBIRTH 1");
  }

  @Test
  void hostThatComesLateAsksForARebirthAndGetsIt() throws Exception {
    node();
    awaitConnected();
    levels(1, 3);
    await().until(() -> world.uplink().status().spool().entries() == 0);
    host();
    levels(4, 4);
    // Data of a node that it does not know makes the host send NCMD Node Control/Rebirth.
    await().atMost(20, TimeUnit.SECONDS).until(() -> host.events.contains("DBIRTH boiler"));
    levels(5, 6);
    await().until(() -> values().contains(6L));
    assertThat(broker.logText()).contains("spBv1.0/" + group + "/NCMD/gw");
  }

  @Test
  void allowedCommandIsWrittenAndAnyOtherRefused() throws Exception {
    host();
    world.plant.point("boiler", "setpoint", "float32", "");
    levels(1, 1);
    node("commands_write", new String[] {"boiler/setpoint"});
    await().until(() -> host.events.contains("DBIRTH boiler"));
    host.command(group, "gw", "boiler", command("level", MetricDataType.Int64, 9L));
    host.command(group, "gw", "boiler", command("setpoint", MetricDataType.Float, 21.5f));
    await().until(() -> !world.written.isEmpty());
    assertThat(world.written).hasSize(1);
    assertThat(world.written.get(0).point()).isEqualTo("setpoint");
    assertThat(world.written.get(0).value()).isEqualTo(new Value.Float32(21.5f));
    assertThat(world.audited)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.subject()).isEqualTo("boiler/level");
              assertThat(event.outcome()).isEqualTo("refused");
            });
  }

  @SuppressWarnings("JavaUtilDate") // Tahu's API
  private static Metric command(String name, MetricDataType type, Object value) throws Exception {
    return new MetricBuilder(name, type, value).timestamp(new Date()).createMetric();
  }

  @Test
  void valuesWaitForThePrimaryHostAndAreThenHistory() throws Exception {
    node("primary_host", "scada");
    awaitConnected();
    levels(1, 50);
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> world.problem("uplink:s-" + group + ":sparkplug").contains("'scada'"));
    assertThat(broker.logText()).doesNotContain("NBIRTH");
    host();
    await().atMost(20, TimeUnit.SECONDS).until(() -> host.data.size() >= 50);
    assertThat(values()).containsExactlyElementsOf(longs(1, 50));
    // All but the last are older than what the birth has told.
    assertThat(host.data.subList(0, 49)).allMatch(metric -> metric.getTimestamp() != null);
    assertThat(world.problem("uplink:s-" + group + ":sparkplug")).isEmpty();
    host.close();
    await().atMost(20, TimeUnit.SECONDS).until(() -> broker.logText().contains("NDEATH/gw'"));
    levels(51, 60);
    host = null;
    TahuHost again = new TahuHost("scada", group, broker.port()).start();
    host = again;
    await().atMost(30, TimeUnit.SECONDS).until(() -> again.data.size() >= 10);
    assertThat(values()).containsExactlyElementsOf(longs(51, 60));
  }

  // QoS 0 as the specification wants it, and nothing lost: the broker dies in mid-stream. The host
  // is away for longer than the gateway, which is what a primary host is for.
  @Test
  void nothingIsLostWhenTheBrokerIsKilled() throws Exception {
    host();
    node("primary_host", "scada");
    await().atMost(20, TimeUnit.SECONDS).until(() -> host.events.contains("DBIRTH boiler"));
    levels(1, 2000);
    await().until(() -> host.data.size() > 100);
    broker.kill();
    levels(2001, 3000);
    broker.start();
    await().atMost(60, TimeUnit.SECONDS).until(() -> values().contains(3000L));
    assertThat(host.events).contains("NBIRTH 0").containsAnyOf("NBIRTH 1", "NBIRTH 2", "NBIRTH 3");
    // What the broker had read and not yet passed on died with it. What it had not read came again:
    // complete, in order, and as history.
    List<Object> after = values().subList(values().indexOf(2001L), values().size());
    assertThat(after).containsExactlyElementsOf(longs(2001, 3000));
    List<Object> each = values().stream().distinct().toList();
    assertThat(each).isEqualTo(each.stream().sorted().toList());
    assertThat(host.data.get(values().indexOf(2001L)).isHistorical()).isTrue();
    await().until(() -> world.uplink().status().spool().entries() == 0);
  }

  // Without an answer to QoS 0 a frozen broker would look well until the socket is full.
  @Test
  void frozenBrokerIsNoticedAndWhatItHasNotReadComesAgain() throws Exception {
    host();
    node();
    await().until(() -> host.events.contains("DBIRTH boiler"));
    broker.freeze();
    levels(1, 200);
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(world.uplink().status().message())
                    .contains("has not acknowledged anything for 8 s"));
    assertThat(world.uplink().status().spool().entries()).isEqualTo(200);
    broker.thaw();
    await()
        .atMost(40, TimeUnit.SECONDS)
        .until(() -> world.uplink().status().spool().entries() == 0);
    await().atMost(20, TimeUnit.SECONDS).until(() -> values().containsAll(longs(1, 200)));
  }
}
