package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Request;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection a host and port: some devices accept only one. */
class SharedConnectionTest {
  private HostileModbusServer server;
  private Driver driver;

  @BeforeEach
  void start() throws Exception {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    server = HostileModbusServer.start();
    server.unit(1).set(Area.HOLDING, 0, 11);
    server.unit(2).set(Area.HOLDING, 0, 22);
    driver = new Driver();
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  @Test
  void unitsBehindOnePortShareItsConnection() throws Exception {
    ModbusTcpDevice one = driver.device(server, 1);
    ModbusTcpDevice two = driver.device(server, 2);
    assertThat(one.bus()).isEqualTo(two.bus());

    for (int i = 0; i < 3; i++) {
      assertThat(Driver.read(plan(one)).value(0)).isEqualTo(new Value.Int(11));
      assertThat(Driver.read(plan(two)).value(0)).isEqualTo(new Value.Int(22));
    }

    assertThat(server.accepted()).isEqualTo(1);
  }

  /** The identifier advances with every request, across units and connections. */
  @Test
  void everyRequestHasATransactionIdentifierOfItsOwn() throws Exception {
    ModbusTcpDevice one = driver.device(server, 1);
    ModbusTcpDevice two = driver.device(server, 2);
    server.next(Behaviour.exception(2), Behaviour.closed());

    Driver.read(plan(one));
    Driver.readFails(plan(one));
    Driver.read(plan(two));
    Driver.read(plan(one));

    assertThat(server.requests()).extracting(Request::transaction).doesNotHaveDuplicates();
    assertThat(server.accepted()).isEqualTo(2);
  }

  @Test
  void theLastDeviceToGoClosesTheConnection() throws Exception {
    ModbusTcpDevice one = driver.device(server, 1);
    ModbusTcpDevice two = driver.device(server, 2);
    Driver.read(plan(one));

    one.deactivate();
    one.deactivate();
    assertThat(Driver.read(plan(two)).value(0)).isEqualTo(new Value.Int(22));
    assertThat(server.accepted()).isEqualTo(1);

    two.deactivate();
    await().until(() -> server.open() == 0);
  }

  @Test
  void aDeviceThatGoesEndsItsOwnReadAndTheOtherGoesOn() throws Exception {
    ModbusTcpDevice one = driver.device(server, 1);
    ModbusTcpDevice two = driver.device(server, 2);
    server.next(Behaviour.silence());
    ReadPlan waiting = plan(one);
    CompletableFuture<DriverException> ended = new CompletableFuture<>();
    Thread reader = new Thread(() -> ended.complete(Driver.readFails(waiting)));
    reader.setDaemon(true);
    reader.start();
    await().until(() -> server.received() == 1);

    one.deactivate();

    assertThat(ended.get(2, TimeUnit.SECONDS))
        .hasMessage(
            "%s:%d unit 1: no answer to read holding 0: the device has been deactivated",
            server.host(), server.port());
    assertThat(Driver.read(plan(two)).value(0)).isEqualTo(new Value.Int(22));
  }

  @Test
  void aDeactivatedDeviceDoesNotConnectAgain() {
    ModbusTcpDevice one = driver.device(server, 1);
    ReadPlan plan = plan(one);
    one.deactivate();

    DriverException failure = Driver.readFails(plan);

    assertThat(failure.sent()).isFalse();
    assertThat(failure).hasMessageContaining("the device has been deactivated");
    assertThat(server.accepted()).isZero();
  }

  /** The core calls the devices of a bus in turn; a successor may overlap for a moment. */
  @Test
  void aCallWaitsForTheConnectionNoLongerThanItsDeadline() throws Exception {
    ModbusTcpDevice one = driver.device(server, 1);
    ModbusTcpDevice two = driver.device(server, 2);
    server.next(Behaviour.silence());
    ReadPlan waiting = plan(one);
    Thread reader = new Thread(() -> Driver.readFails(waiting));
    reader.setDaemon(true);
    reader.start();
    await().until(() -> server.received() == 1);

    DriverException failure = Driver.readFails(plan(two), Duration.ofMillis(50));

    assertThat(failure.sent()).isFalse();
    assertThat(failure).hasMessageContaining("the connection is in use by another device");
    one.deactivate();
    reader.join(2000);
  }

  /** A device that hung up while nothing was asked is simply called again: nothing was sent. */
  @Test
  void aConnectionThatTheDeviceClosedWhileIdleIsOpenedAgainWithoutAFailedRead() throws Exception {
    ModbusTcpDevice one = driver.device(server, 1);
    ReadPlan plan = plan(one);
    Driver.read(plan);
    server.hangUp();
    await().until(() -> server.open() == 0);
    long unused = System.nanoTime();
    await().until(() -> System.nanoTime() - unused > Driver.IDLE.multipliedBy(2).toNanos());

    assertThat(Driver.read(plan).value(0)).isEqualTo(new Value.Int(11));
    assertThat(server.accepted()).isEqualTo(2);
  }

  @Test
  void aServerThatTricklesDoesNotOutliveTheDeadline() {
    ModbusTcpDevice one = driver.device(server, 1);
    server.always(Behaviour.trickle(Duration.ofMillis(40)));

    long start = System.nanoTime();
    DriverException failure = Driver.readFails(plan(one), Duration.ofMillis(150));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(140), Duration.ofMillis(900));
  }

  /**
   * One deadline for the whole call, not one a request. What there is no time for is bad in this
   * cycle and comes first in the next one, so that everything is read in the end.
   */
  @Test
  void manyReadsShareOneDeadlineAndThoseLeftOverComeFirstNextTime() throws Exception {
    ModbusTcpDevice one = driver.device("host", server.host(), "port", server.port(), "max.gap", 0);
    server.always(
        x -> {
          x.pause(Duration.ofMillis(60));
          Behaviour.honest().answer(x);
        });
    ReadPlan plan =
        Driver.plan(
            one,
            TestPoints.readable("a", "holding:0", "int16"),
            TestPoints.readable("b", "holding:10", "int16"),
            TestPoints.readable("c", "holding:20", "int16"),
            TestPoints.readable("d", "holding:30", "int16"));

    long start = System.nanoTime();
    RecordingSink first = Driver.read(plan, Duration.ofMillis(170));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
    assertThat(first.value(0)).isEqualTo(new Value.Int(11));
    assertThat(first.reason(3)).startsWith("no time left in this cycle: raise timeout.ms");
    int asked = server.received();
    assertThat(asked).isBetween(1, 3);
    Driver.read(plan, Duration.ofMillis(170));
    assertThat(server.requests().get(asked).address()).isEqualTo(10 * asked);
  }

  @Test
  void metricsCountWhatHappenedByEndpointAndUnit() throws Exception {
    ModbusTcpDevice one = driver.device(server, 1);
    ReadPlan plan = plan(one);
    server.next(Behaviour.honest(), Behaviour.exception(2), Behaviour.wrongUnit());
    Driver.read(plan);
    Driver.read(plan);
    Driver.readFails(plan);
    server.next(Behaviour.silence());
    Driver.readFails(plan, Duration.ofMillis(30));
    server.next(Behaviour.closed());
    Driver.readFails(plan);
    server.vanish();
    Driver.readFails(plan);

    String at = "endpoint," + server.host() + ":" + server.port();
    at += ",transport,tcp";
    String unit = at + ",unit,1";
    assertThat(metrics())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "snaprail_modbus_connects_total{" + at + "}", 2.0,
                "snaprail_modbus_connect_failures_total{" + at + "}", 1.0,
                "snaprail_modbus_requests_total{" + unit + "}", 5.0,
                "snaprail_modbus_timeouts_total{" + unit + "}", 1.0,
                "snaprail_modbus_wrong_answers_total{" + unit + "}", 1.0,
                "snaprail_modbus_lost_connections_total{" + unit + "}", 1.0,
                "snaprail_modbus_exceptions_total{" + unit + ",code,2}", 1.0));

    one.deactivate();
    assertThat(metrics()).isEmpty();
  }

  /** A bundle that is stopped leaves no thread behind. */
  @Test
  void noThreadIsLeftAfterStop() throws Exception {
    ModbusTcpDevice named = driver.device("host", "localhost", "port", server.port());
    assertThat(Driver.read(plan(named)).value(0)).isEqualTo(new Value.Int(11));
    named.deactivate();

    driver.pool.deactivate();

    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("snaprail-modbus")));
  }

  private Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    driver.pool.collect(
        new MetricSource.Collector() {
          @Override
          public void counter(String name, String help, double value, String... labels) {
            metrics.put(name + "{" + String.join(",", labels) + "}", value);
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            throw new AssertionError(name);
          }
        });
    return metrics;
  }

  private static ReadPlan plan(ModbusTcpDevice device) {
    return Driver.plan(device, TestPoints.readable("a", "holding:0", "int16"));
  }
}
