package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that lies: whatever it does, a value that was not read is never delivered, and the next
 * honest answer is taken. Every register holds another value, and what a lie carries is another
 * value again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LyingServerSuite {
  private static final Duration PATIENCE = Duration.ofMillis(30);
  private static final int SPAN = 400;

  private HostileModbusServer server;
  private Driver driver;
  private Device device;

  /**
   * A lie.
   *
   * @param slow whether it takes the client's time to see through it
   * @param keeps whether the connection is used on after it
   */
  protected record Lie(String name, Behaviour behaviour, boolean slow, boolean keeps) {
    static Lie fast(String name, Behaviour behaviour) {
      return new Lie(name, behaviour, false, false);
    }

    static Lie slow(String name, Behaviour behaviour) {
      return new Lie(name, behaviour, true, false);
    }

    /** An answer all the same: the slave's refusal. */
    static Lie refusal(String name, Behaviour behaviour) {
      return new Lie(name, behaviour, false, true);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** What the server speaks. */
  protected abstract Wire wire();

  /** How long a read may take. */
  protected Duration patience() {
    return PATIENCE;
  }

  /** Lies that only make sense on this wire, or are seen through in another way. */
  protected abstract List<Lie> ownLies();

  /** Answers that are right, with something behind them. */
  protected List<Behaviour> chatter() {
    return List.of(Behaviour.answeredTwice(), Behaviour.garbageAfter((byte) 0, (byte) 7));
  }

  /** Connections opened when each of so many exceptions is followed by the answer. */
  protected abstract int connectionsAfterExceptions(int exceptions);

  /** Whether the connection is used on after a request without answer. */
  protected boolean outlivesSilence() {
    return false;
  }

  private Lie unanswered(String name, Behaviour behaviour) {
    return new Lie(name, behaviour, true, outlivesSilence());
  }

  protected List<Lie> lies() {
    List<Lie> all = new ArrayList<>(ownLies());
    all.addAll(
        List.of(
            Lie.fast("wrong unit", Behaviour.wrongUnit()),
            Lie.fast("other function", Behaviour.otherFunction()),
            Lie.fast("exception of other function", Behaviour.exceptionOfOtherFunction()),
            Lie.fast("short answer", Behaviour.shortAnswer()),
            Lie.fast("long answer", Behaviour.longAnswer()),
            Lie.fast("garbage before", Behaviour.garbageBefore((byte) 0, (byte) 1, (byte) 0)),
            Lie.fast("closed mid answer", Behaviour.closedMidAnswer()),
            Lie.fast("reset mid answer", Behaviour.resetMidAnswer()),
            Lie.refusal("exception 2", Behaviour.exception(2)),
            unanswered("silence", Behaviour.silence()),
            unanswered("late", Behaviour.late(patience().plusMillis(3))),
            unanswered("later", Behaviour.late(patience().multipliedBy(3)))));
    return all;
  }

  @BeforeEach
  void start() throws Exception {
    server = startServer();
    for (int i = 0; i < SPAN; i++) {
      server.unit(1).set(Area.HOLDING, i, 1000 + i).set(Area.INPUT, i, 2000 + i);
    }
    driver = new Driver();
    device = connect(driver, server);
  }

  /** A server that speaks what is tested. */
  protected HostileModbusServer startServer() throws Exception {
    return HostileModbusServer.start(wire());
  }

  /** A device that speaks what the server speaks. */
  protected Device connect(Driver made, HostileModbusServer there) {
    return made.deviceOf(there, 1);
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  /** Each lie alone: it is refused or reported, never believed, and spoils nothing after it. */
  @ParameterizedTest
  @MethodSource("lies")
  void aLieIsNotBelievedAndTheNextAnswerIsTaken(Lie lie) throws Exception {
    ReadPlan honest = plan(300, 10);
    Driver.read(honest);

    for (int round = 0; round < 2; round++) {
      // A new one each time: the plan that was told that the device is busy waits.
      ReadPlan lied = plan(17, 10);
      int connections = server.accepted();
      server.next(lie.behaviour());
      // A refused block is read again in halves, which get the truth.
      boolean readAgain = lie.name().equals("exception 2");
      assertThat(assertNothingWrong(lied, 17, 10, lie))
          .as("%s was believed", lie)
          .isEqualTo(readAgain);
      assertThat(Driver.read(honest).value(0)).as("after %s", lie).isEqualTo(new Value.Int(1300));
      assertThat(server.accepted() - connections)
          .as("connections opened anew after %s", lie)
          .isEqualTo(lie.keeps() ? 0 : 1);
    }
  }

  /** Answers that are right, with something behind them that nobody asked for. */
  @Test
  void whatFollowsARightAnswerIsNotTakenForTheNext() throws Exception {
    ReadPlan first = plan(10, 1);
    ReadPlan second = plan(20, 1);
    for (Behaviour chatty : chatter()) {
      server.next(chatty);
      assertThat(Driver.read(first).value(0)).isEqualTo(new Value.Int(1010));
      // It may come before the next request is sent, or after: then that one fails.
      try {
        assertThat(Driver.read(second).value(0)).isEqualTo(new Value.Int(1020));
      } catch (DriverException e) {
        assertThat(e.kind()).isEqualTo(DriverException.Kind.PROTOCOL);
      }
      assertThat(Driver.read(second).value(0)).isEqualTo(new Value.Int(1020));
    }
  }

  /** Some gateways give up on a unit, say so, and pass its answer on all the same. */
  @Test
  void theAnswerAfterAnExceptionCostsNoRead() throws Exception {
    ReadPlan second = plan(20, 1);
    for (int i = 0; i < 20; i++) {
      // A new one each time: the plan that was told that the device is busy waits.
      ReadPlan first = plan(10, 1);
      server.next(Behaviour.exceptionThenAnswer(6, Duration.ZERO));
      assertThat(Driver.read(first).reason(0)).contains("exception 6 (device busy)");
      assertThat(Driver.read(second).value(0)).isEqualTo(new Value.Int(1020));
    }

    assertThat(server.accepted()).isEqualTo(connectionsAfterExceptions(20));
  }

  /** Thousands of reads, each treated at random. */
  @Test
  void nothingWrongIsDeliveredInThousandsOfReads() throws Exception {
    List<Lie> fast = lies().stream().filter(lie -> !lie.slow()).toList();
    List<Lie> slow = lies().stream().filter(Lie::slow).toList();
    Random random = new Random(502);
    server.decide(
        request -> {
          int dice = random.nextInt(1000);
          if (dice < 10) {
            return slow.get(random.nextInt(slow.size())).behaviour();
          }
          return dice < 400
              ? fast.get(random.nextInt(fast.size())).behaviour()
              : Behaviour.honest();
        });
    int good = 0;
    int failed = 0;

    for (int i = 0; i < 6000; i++) {
      int address = random.nextInt(SPAN - 20);
      if (assertNothingWrong(plan(address, 1 + random.nextInt(20)), address, 20, "random")) {
        good++;
      } else {
        failed++;
      }
    }

    assertThat(good).as("honest answers were taken").isGreaterThan(1000);
    assertThat(failed).as("lies were told").isGreaterThan(1000);
    server.honest();
    assertThat(Driver.read(plan(5, 1)).value(0)).isEqualTo(new Value.Int(1005));
  }

  /** Of each read: every value that is delivered is the one the register holds. */
  private boolean assertNothingWrong(ReadPlan plan, int address, int count, Object lie) {
    RecordingSink sink = new RecordingSink();
    boolean complete = true;
    try {
      plan.read(sink, Deadline.in(patience()));
    } catch (DriverException e) {
      assertThat(e.getMessage()).contains(server.host() + ":" + server.port());
      complete = false;
    }
    Map<Integer, Value> wrong = new TreeMap<>();
    for (int index : sink.indexes()) {
      Value value = sink.value(index);
      if (value != null && !value.equals(new Value.Int(1000 + address + index))) {
        wrong.put(index, value);
      }
      complete &= value != null;
    }
    assertThat(wrong).as("wrong values after %s at %d+%d", lie, address, count).isEmpty();
    return complete;
  }

  private ReadPlan plan(int address, int count) {
    return Driver.plan(
        device,
        IntStream.range(address, address + count)
            .mapToObj(i -> TestPoints.readable("p" + i, "holding:" + i, "int16"))
            .toArray(PointDefinition[]::new));
  }
}
