package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.line.LineSimulator;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reads from far ends that do everything wrong, in random order. Every value tells its address and
 * in which read it was put there, so that any wrong one is recognised: not one may come out. After
 * every few lies the far end tells the truth, and a few reads later the truth must come out.
 *
 * <p>{@code ./snaprail hostile} is the long run of it.
 */
class HostileRunTest {
  private static final int READS = Integer.getInteger("hostile.reads", 300);
  private static final String ONLY = System.getProperty("hostile.only", "");

  /** Printed, so that a run can be repeated as far as its timing allows. */
  private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());

  /** Most lies in a row. */
  private static final int BURST = 3;

  /** Honest reads by which a device must have recovered. */
  private static final int RECOVERY = 5;

  private static final Duration PATIENCE = Duration.ofMillis(25);

  /** A connection takes many times what it takes without TLS. */
  private static final Duration SLOW = Duration.ofMillis(100);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final int PLACES = 256;

  private enum Transport {
    TCP,
    /** Eight requests under way at once, by the form that tells. */
    TCP_OUTSTANDING,
    TLS,
    RTU_OVER_TCP,
    ASCII_OVER_TCP,
    UDP,
    RTU,
    ASCII;

    /** Of that name, or of those that hold it when none is called so. */
    boolean wanted() {
      String only = ONLY.toUpperCase(Locale.ROOT);
      boolean exact = Stream.of(values()).anyMatch(each -> each.name().equals(only));
      return exact ? name().equals(only) : name().contains(only);
    }
  }

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final List<String> wrong = new ArrayList<>();
  private final Map<DriverException.Kind, Integer> failures =
      new EnumMap<>(DriverException.Kind.class);
  private int generation;
  private int reads;
  private int unsent;
  private int good;
  private int slowest;
  private int lost;

  /** Whether the last read may have asked something. */
  private boolean sent;

  @ParameterizedTest
  @EnumSource
  void notOneWrongValueComesOutAndTheTruthComesBack(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.wanted());
    long start = System.nanoTime();
    try (HostileLine line = open(transport)) {
      while (reads - unsent < READS) {
        for (int lies = 1 + random.nextInt(BURST); lies > 0; lies--) {
          line.lie(random);
          read(line, line.patience());
        }
        line.tellTheTruth();
        recover(line);
      }
      report(transport, line, Duration.ofNanos(System.nanoTime() - start));
      assertThat(wrong).isEmpty();
      assertThat(lost).as("times that the truth did not come back").isZero();
      assertThat(good).as("honest answers were taken").isGreaterThan(READS / 5);
      assertThat(reads - good - unsent).as("lies were told").isGreaterThan(READS / 5);
    }
  }

  private HostileLine open(Transport transport) throws Exception {
    if (transport == Transport.TLS) {
      TlsBench bench = new TlsBench(folder);
      HostileModbusServer server = bench.server();
      return new HostileNetwork(server, bench.device(server.port()), bench::close, SLOW);
    }
    if (transport == Transport.TCP_OUTSTANDING) {
      HostileModbusServer server = HostileModbusServer.start(Wire.TCP);
      Driver driver = new Driver();
      return new HostileOutstanding(server, driver, PATIENCE);
    }
    if (transport == Transport.RTU || transport == Transport.ASCII) {
      LineSimulator.require();
      return new HostileSerial(SerialMode.valueOf(transport.name()), SEED);
    }
    HostileModbusServer server = HostileModbusServer.start(Wire.valueOf(transport.name()));
    Driver driver = new Driver();
    return new HostileNetwork(server, driver.deviceOf(server, 1), driver, PATIENCE);
  }

  private void recover(HostileLine line) {
    Deadline soon = Deadline.in(Driver.AMPLE);
    int cycle = 1;
    while (cycle <= RECOVERY && !soon.expired()) {
      // Ample: it is not the speed of this machine that is looked at.
      if (read(line, line.patience().multipliedBy(10))) {
        slowest = Math.max(slowest, cycle);
        return;
      }
      if (sent) {
        cycle++;
      } else {
        // A line waits for what a unit still owes.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    lost++;
  }

  /** Whether every value was delivered. */
  private boolean read(HostileLine line, Duration time) {
    int count = 1 + random.nextInt(line.longest());
    int first = random.nextInt(PLACES - count + 1);
    generation++;
    reads++;
    line.fill(first, count, generation);
    // A new plan each time: one that was told that the device is busy waits.
    ReadPlan plan =
        Driver.plan(
            line.device(),
            IntStream.range(first, first + count)
                .mapToObj(place -> TestPoints.readable("p", line.address(place), "uint16"))
                .toArray(PointDefinition[]::new));
    RecordingSink sink = new RecordingSink();
    boolean complete = true;
    sent = true;
    try {
      line.read(plan, sink, Deadline.in(time));
    } catch (DriverException e) {
      complete = false;
      sent = e.sent();
      unsent += sent ? 0 : 1;
      failures.merge(e.kind(), 1, Integer::sum);
    }
    for (int i = 0; i < count; i++) {
      Value value = sink.value(i);
      complete &= value != null;
      if (value != null && !value.equals(new Value.Int(line.value(first + i, generation)))) {
        wrong.add("read " + reads + " " + line.address(first + i) + ": " + value);
      }
    }
    good += complete ? 1 : 0;
    return complete;
  }

  private void report(Transport transport, HostileLine line, Duration time) {
    System.out.printf(
        Locale.ROOT,
        "hostile: %s: %d reads, %d good, %d bad (%d not sent), %d wrong values; back after at most"
            + " %d honest reads, %d times not after %d; %d s, seed %d%n",
        transport,
        reads,
        good,
        reads - good,
        unsent,
        wrong.size(),
        slowest,
        lost,
        RECOVERY,
        time.toSeconds(),
        SEED);
    System.out.println("hostile: " + transport + ": told " + line.told());
    System.out.println("hostile: " + transport + ": failures " + failures);
  }
}
