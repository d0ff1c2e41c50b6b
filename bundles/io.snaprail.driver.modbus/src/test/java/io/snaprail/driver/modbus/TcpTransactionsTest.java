package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.connection.ConnectionSettings;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import io.snaprail.driver.modbus.internal.connection.Way;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.Table;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.Exchange;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several requests on one connection, and those that get no answer. */
@Timeout(120)
class TcpTransactionsTest {
  private static final Duration SHORT = Duration.ofMillis(60);

  private HostileModbusServer server;
  private Driver driver;

  @BeforeEach
  void start() throws Exception {
    server = HostileModbusServer.start();
    for (int unit = 1; unit <= 2; unit++) {
      for (int i = 0; i < 200; i++) {
        server.unit(unit).set(Area.HOLDING, i, 1000 * unit + i);
      }
    }
    driver = new Driver();
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  private ModbusTcpDevice device(int unit, Object... more) {
    Object[] all = new Object[8 + more.length];
    Object[] always = {"host", server.host(), "port", server.port(), "unit", unit, "max.gap", 0};
    System.arraycopy(always, 0, all, 0, 8);
    System.arraycopy(more, 0, all, 8, more.length);
    return driver.device(all);
  }

  /** Points far apart: a request each. */
  private static ReadPlan plan(ModbusTcpDevice device, int requests) {
    return Driver.plan(
        device,
        IntStream.range(0, requests)
            .mapToObj(i -> TestPoints.readable("p" + i, "holding:" + 10 * i, "int16"))
            .toArray(PointDefinition[]::new));
  }

  private static void assertValues(RecordingSink sink, int unit, int requests) {
    for (int i = 0; i < requests; i++) {
      assertThat(sink.value(i)).as("%d", i).isEqualTo(new Value.Int(1000 * unit + 10 * i));
    }
  }

  private static void later(Exchange x, int millis) throws IOException {
    x.sendLater(Duration.ofMillis(millis), x.frame(x.rightAnswer()));
  }

  @Test
  void asManyRequestsAreUnderWayAsTheDeviceMayHave() throws Exception {
    ReadPlan plan = plan(device(1, "max.outstanding", 3), 5);
    server.always(Behaviour.silence());

    Driver.readFails(plan, Duration.ofMillis(300));

    assertThat(server.received()).isEqualTo(3);
  }

  @Test
  void byDefaultOneRequestIsUnderWay() throws Exception {
    ReadPlan plan = plan(device(1), 5);
    server.always(Behaviour.silence());

    Driver.readFails(plan, Duration.ofMillis(200));

    assertThat(server.received()).isEqualTo(1);
  }

  /** Messaging on TCP/IP V1.0b, 4.3.2: the transaction identifier pairs answer and request. */
  @Test
  void answersInAnotherOrderFindTheirRequests() throws Exception {
    ReadPlan plan = plan(device(1, "max.outstanding", 8), 8);
    server.decide(request -> x -> later(x, 40 - 5 * (request.address() / 10)));

    for (int round = 0; round < 3; round++) {
      assertValues(Driver.read(plan), 1, 8);
    }
    assertThat(server.accepted()).isEqualTo(1);
  }

  /** Servers that count wrong. Then each answer has the length that another request waits for. */
  @ParameterizedTest
  @ValueSource(ints = {-2, -1, 1, 2, 256})
  void anAnswerWithTheIdentifierBesideItIsNotTakenForAnother(int off) {
    ReadPlan plan = plan(device(1, "max.outstanding", 16), 16);
    server.always(Behaviour.transactionOffBy(off));

    RecordingSink sink = new RecordingSink();
    DriverException failure =
        catchThrowableOfType(
            DriverException.class, () -> plan.read(sink, Deadline.in(Driver.AMPLE)));

    assertThat(failure).hasMessageContaining("transaction identifier of another request");
    assertThat(IntStream.range(0, 16).mapToObj(sink::value)).containsOnlyNulls();
  }

  /** Then an answer of the right form is there, whose end is the header of the next one. */
  @Test
  void anAnswerThatTheNextOneCompletesIsNotTaken() throws Exception {
    ReadPlan plan = plan(device(1, "max.outstanding", 4), 4);
    server.decide(
        request ->
            request.address() == 20
                ? x -> x.send(Arrays.copyOf(x.frame(x.rightAnswer()), 9))
                : Behaviour.honest());

    RecordingSink sink = new RecordingSink();
    DriverException failure =
        catchThrowableOfType(
            DriverException.class, () -> plan.read(sink, Deadline.in(Driver.AMPLE)));

    assertThat(failure).hasMessageContaining("bytes behind it that begin no other answer");
    assertThat(sink.value(2)).isNull();
    assertThat(sink.value(3)).isNull();
    server.honest();
    assertValues(Driver.read(plan), 1, 4);
  }

  /**
   * The same byte by byte, so that nothing is behind it when it seems complete; of 17 bytes, so
   * that after 6 the next one, of 11, completes it to the last.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16})
  void anAnswerThatTheNextOneCompletesByteByByteIsNotTaken(int kept) throws Exception {
    ReadPlan plan =
        Driver.plan(
            device(1, "max.outstanding", 4),
            TestPoints.readable("broken", "holding:0", "int64"),
            TestPoints.readable("b", "holding:20", "int16"),
            TestPoints.readable("c", "holding:30", "int16"));
    server.decide(
        request ->
            request.address() == 0
                ? x -> x.send(Arrays.copyOf(x.frame(x.rightAnswer()), kept))
                // Not so soon that both parts come in one read.
                : x -> {
                  x.pause(Duration.ofMillis(20));
                  x.sendSlowly(x.frame(x.rightAnswer()), Duration.ofMillis(1));
                });

    RecordingSink sink = new RecordingSink();
    assertThat(
            catchThrowableOfType(
                DriverException.class, () -> plan.read(sink, Deadline.in(Duration.ofMillis(300)))))
        .isNotNull();

    assertThat(IntStream.range(0, 3).mapToObj(sink::value)).containsOnlyNulls();
    server.honest();
    assertThat(Driver.read(plan).value(1)).isEqualTo(new Value.Int(1020));
  }

  /** The same where both parts come together, and nothing behind them yet. */
  @ParameterizedTest
  @ValueSource(ints = {9, 12, 13, 14, 15})
  void anAnswerThatTheNextOneCompletesInOneReadIsNotTaken(int kept) throws Exception {
    ReadPlan plan =
        Driver.plan(
            device(1, "max.outstanding", 4),
            TestPoints.readable("broken", "holding:0", "int64"),
            TestPoints.readable("b", "holding:20", "int16"));
    ByteBuffer both = ByteBuffer.allocate(17);
    server.decide(
        request ->
            request.address() == 0
                ? x -> both.put(Arrays.copyOf(x.frame(x.rightAnswer()), kept))
                : x -> {
                  byte[] frame = x.frame(x.rightAnswer());
                  both.put(frame, 0, both.remaining());
                  x.sendPart(both.array());
                  x.pause(Duration.ofMillis(20));
                  x.send(Arrays.copyOfRange(frame, 17 - kept, frame.length));
                });

    RecordingSink sink = new RecordingSink();
    assertThat(
            catchThrowableOfType(
                DriverException.class, () -> plan.read(sink, Deadline.in(Duration.ofMillis(300)))))
        .isNotNull();

    assertThat(IntStream.range(0, 2).mapToObj(sink::value)).containsOnlyNulls();
    server.honest();
    assertThat(Driver.read(plan).value(1)).isEqualTo(new Value.Int(1020));
  }

  /** Devices that send the header and the rest in packets of their own. */
  @Test
  void answersInPiecesAreTakenWithSeveralRequestsUnderWay() throws Exception {
    ReadPlan plan = plan(device(1, "max.outstanding", 4), 10);
    server.always(Behaviour.trickle(Duration.ofMillis(1)));

    assertValues(Driver.read(plan), 1, 10);

    assertThat(server.accepted()).isEqualTo(1);
  }

  /** What a driver that ends leaves behind must not wait for it. */
  @Test
  void aReadAfterTheEndIsToldAtOnce() {
    ReadPlan plan = plan(device(1, "pause.ms", 50), 2);
    driver.close();

    assertThat(Driver.readFails(plan, Duration.ofMinutes(5)))
        .hasMessageContaining("the device has been deactivated");
  }

  @Test
  void oneRequestOfSeveralWithoutAnswerCostsItsOwnPointOnly() throws Exception {
    ReadPlan plan = plan(device(1, "max.outstanding", 4, "request.timeout.ms", 100), 6);
    server.decide(request -> request.address() == 20 ? Behaviour.silence() : Behaviour.honest());

    RecordingSink sink = Driver.read(plan);

    assertThat(sink.reason(2)).contains("no complete answer to read holding 20 in time");
    for (int i : List.of(0, 1, 3, 4, 5)) {
      assertThat(sink.value(i)).isEqualTo(new Value.Int(1000 + 10 * i));
    }
    assertThat(server.accepted()).isEqualTo(1);
  }

  /** Otherwise a device that is away would hold its bus for each of its requests. */
  @Test
  void twoRequestsInARowWithoutAnswerMeanThatTheDeviceIsAway() {
    ReadPlan plan = plan(device(1, "request.timeout.ms", 50), 20);
    server.always(Behaviour.silence());

    DriverException failure = Driver.readFails(plan);

    assertThat(failure).hasMessageContaining("no complete answer to read holding 10 in time");
    await().until(() -> server.received() == 2);
  }

  /** A device that was away and a read that came late must not be mixed up with what follows. */
  @Test
  void aLateAnswerIsDroppedByItsIdentifierWhileOthersAreUnderWay() throws Exception {
    ReadPlan plan = plan(device(1, "max.outstanding", 2, "request.timeout.ms", 250), 8);
    server.decide(
        request ->
            request.address() == 10 ? Behaviour.late(Duration.ofMillis(270)) : x -> later(x, 20));

    for (int round = 0; round < 3; round++) {
      RecordingSink sink = Driver.read(plan);
      assertThat(sink.value(1)).isNull();
      for (int i : List.of(0, 2, 3, 4, 5, 6, 7)) {
        assertThat(sink.value(i)).as(sink.reason(i)).isEqualTo(new Value.Int(1000 + 10 * i));
      }
    }
    assertThat(server.accepted()).isEqualTo(1);
  }

  /** "One dead unit behind a gateway never makes its neighbours lose their connection." */
  @Test
  void aDeadUnitBehindAGatewayCostsItsNeighboursNothing() throws Exception {
    ReadPlan alive = plan(device(1), 1);
    ReadPlan dead = plan(device(2), 1);
    server.decide(request -> request.unit() == 2 ? Behaviour.silence() : Behaviour.honest());

    for (int i = 0; i < 10; i++) {
      assertThat(Driver.readFails(dead, SHORT)).hasMessageContaining("unit 2: no complete answer");
      assertValues(Driver.read(alive), 1, 1);
    }

    assertThat(server.accepted()).isEqualTo(1);
  }

  /** Nothing tells a connection that is half open from a device that is away: it is opened anew. */
  @Test
  void twoTimeoutsInARowWithNothingBetweenOpenTheConnectionAnew() throws Exception {
    ReadPlan plan = plan(device(1), 1);
    server.next(Behaviour.silence(), Behaviour.silence(), Behaviour.silence());

    Driver.readFails(plan, SHORT);
    Driver.readFails(plan, SHORT);
    assertThat(server.accepted()).isEqualTo(1);
    Driver.readFails(plan, SHORT);
    assertValues(Driver.read(plan), 1, 1);

    assertThat(server.accepted()).isEqualTo(2);
  }

  /** Requests that were under way together are silent together: that counts as once. */
  @Test
  void requestsThatWereSilentTogetherKeepTheConnection() throws Exception {
    ReadPlan plan = plan(device(1, "max.outstanding", 4), 4);
    server.next(Behaviour.silence(), Behaviour.silence(), Behaviour.silence(), Behaviour.silence());

    Driver.readFails(plan, SHORT);
    assertValues(Driver.read(plan), 1, 4);

    assertThat(server.accepted()).isEqualTo(1);
  }

  /** A frame that does not go on would swallow the next answer. */
  @Test
  void aFrameThatDoesNotGoOnCostsTheConnection() throws Exception {
    ReadPlan plan = plan(device(1), 1);
    server.next(Behaviour.truncated());

    Driver.readFails(plan, SHORT);
    assertValues(Driver.read(plan), 1, 1);

    assertThat(server.accepted()).isEqualTo(2);
  }

  /** 65,535 identifiers: the one whose answer is still to come is passed over. */
  @Test
  void anIdentifierIsNotUsedAgainWhileItsAnswerMayCome() throws Exception {
    ModbusTransport transport =
        driver.pool.lease(
            Way.of(Protocol.TCP, server.host(), server.port()),
            new ConnectionSettings(Duration.ofSeconds(1), 1, 1, Duration.ZERO, true));
    ReadRequest request = new ReadRequest(Table.HOLDING, 0, 1, "read");
    transport.exchange(1, request, Deadline.in(Driver.AMPLE));
    server.forgetRequests();
    server.next(Behaviour.silence());
    assertThat(catchThrowable(() -> transport.exchange(1, request, Deadline.in(SHORT))))
        .isInstanceOf(DriverException.class);
    transport.exchange(1, request, Deadline.in(Driver.AMPLE));
    transport.exchange(1, request, Deadline.in(Driver.AMPLE));
    List<Integer> begin = server.requests().stream().map(Request::transaction).toList();

    for (int i = 0; i < 65_534; i++) {
      transport.exchange(1, request, Deadline.in(Driver.AMPLE));
    }

    List<Integer> last = server.requests().stream().map(Request::transaction).toList();
    assertThat(last).doesNotContain(begin.get(0), 0).contains(begin.get(1), begin.get(2));
    assertThat(server.accepted()).isEqualTo(1);
  }

  @Test
  void twoDevicesOfOneConnectionMayOverlapAndGetTheirOwnAnswers() throws Exception {
    ModbusTcpDevice one = device(1, "max.outstanding", 4);
    ModbusTcpDevice two = device(2, "max.outstanding", 4);
    server.always(x -> later(x, 5));
    List<Thread> readers = List.of(reader(plan(one, 20), 1, 20), reader(plan(two, 20), 2, 20));
    readers.forEach(Thread::start);

    for (Thread reader : readers) {
      reader.join(10_000);
      assertThat(reader.isAlive()).isFalse();
    }
    assertThat(wrong).isNull();
    assertThat(server.accepted()).isEqualTo(1);
  }

  private volatile Throwable wrong;

  private Thread reader(ReadPlan plan, int unit, int requests) {
    Thread reader =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 20; i++) {
                  assertValues(Driver.read(plan), unit, requests);
                }
              } catch (DriverException | AssertionError e) {
                wrong = e;
              }
            });
    reader.setDaemon(true);
    return reader;
  }

  /** OpenEMS 3099: devices that need a rest. The pause is from an answer to the next request. */
  @Test
  void thePauseBetweenRequestsIsKept() throws Exception {
    ModbusTcpDevice device = device(1, "pause.ms", 40, "max.outstanding", 4);
    List<Long> came = new CopyOnWriteArrayList<>();
    server.always(
        x -> {
          came.add(System.nanoTime());
          Behaviour.honest().answer(x);
        });

    assertValues(Driver.read(plan(device, 4)), 1, 4);
    device.write(
        TestPoints.writable("w", "holding:0", "int16"),
        new Value.Int(1000),
        Deadline.in(Driver.AMPLE));
    assertValues(Driver.read(plan(device, 2)), 1, 2);

    assertThat(came).hasSize(7);
    for (int i = 1; i < came.size(); i++) {
      assertThat(Duration.ofNanos(came.get(i) - came.get(i - 1)))
          .isGreaterThanOrEqualTo(Duration.ofMillis(39));
    }
  }

  @Test
  void aPauseThatLeavesNoTimeIsNamed() throws Exception {
    ReadPlan plan = plan(device(1, "pause.ms", 10_000), 2);

    RecordingSink sink = Driver.read(plan, Duration.ofMillis(300));
    assertThat(sink.reason(1)).startsWith("no time left in this cycle");
    assertThat(Driver.readFails(plan, Duration.ofMillis(300)))
        .hasMessageContaining("no time for a single request: raise timeout.ms above pause.ms");
  }

  @Test
  void aDeviceThatGoesEndsItsPause() throws Exception {
    ModbusTcpDevice device = device(1, "pause.ms", 5_000);
    ReadPlan plan = plan(device, 2);
    Thread reader = new Thread(() -> wrong = Driver.readFails(plan));
    reader.setDaemon(true);
    reader.start();
    await().until(() -> server.received() == 1);

    device.deactivate();

    reader.join(2000);
    assertThat(wrong).hasMessageContaining("the device has been deactivated");
  }
}
