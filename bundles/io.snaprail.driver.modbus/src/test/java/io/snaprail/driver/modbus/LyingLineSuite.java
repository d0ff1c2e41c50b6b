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
import io.snaprail.testkit.line.LineEnd;
import io.snaprail.testkit.line.LineLie;
import io.snaprail.testkit.line.LineSimulator;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A value that is delivered is the one that the register holds, whatever units and lines do; and
 * they are believed again once they tell the truth. Two units, as a late answer of one may come
 * while the other is asked.
 */
@Timeout(120)
abstract class LyingLineSuite {
  private static final int BAUD = 460_800;
  private static final int SPAN = 500;
  private static final Duration PATIENCE = Duration.ofMillis(60);

  /** One and a half times as late as it is waited for. */
  private static final Duration LATE = Duration.ofMillis(90);

  private final SerialMode mode;
  private final Random random = new Random(7);
  private LineSimulator line;
  private SerialDriver driver;
  private final SerialDevice[] devices = new SerialDevice[2];
  private int good;
  private int failed;

  LyingLineSuite(SerialMode mode) {
    this.mode = mode;
  }

  @BeforeEach
  void start() throws Exception {
    LineSimulator.require();
    line = LineSimulator.start(BAUD);
    driver = new SerialDriver();
    if (mode == SerialMode.RTU) {
      line.rtuUnits(1, 2);
    } else {
      line.asciiUnits(1, 2);
    }
    for (int unit = 1; unit <= 2; unit++) {
      devices[unit - 1] = driver.device(mode, line.port(), "baud", BAUD, "unit", unit);
    }
  }

  @AfterEach
  void stop() {
    if (line != null) {
      driver.close();
      line.close();
    }
  }

  @ParameterizedTest
  @EnumSource(LineLie.class)
  void noLieIsTaken(LineLie lie) throws Exception {
    line.lateness(LATE, true);
    line.lies(0.5, lie);
    reads(25);
    assertThat(line.figures().lies()).isPositive();
    assertThat(good).as("the truth was taken").isPositive();
    assertBelievedAgain();
  }

  /** Units may be gateways, whose answers overtake each other. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noneOfManyIsTaken(boolean inOrder) throws Exception {
    line.lateness(LATE, inOrder);
    line.lies(0.2, LineLie.values());
    reads(250);
    assertThat(good).as("the truth was taken").isGreaterThan(40);
    assertThat(failed).as("lies were told").isGreaterThan(20);
    assertBelievedAgain();
  }

  @Test
  void noDamageIsTaken() throws Exception {
    line.faults(LineEnd.FAR, 0.001, 0.001, 0.001);
    line.faults(LineEnd.MASTER, 0.001, 0.001, 0.001);
    reads(200);
    assertThat(good).isGreaterThan(40);
    assertThat(failed).as("the line was disturbed").isPositive();
    line.faults(LineEnd.FAR, 0, 0, 0);
    line.faults(LineEnd.MASTER, 0, 0, 0);
    assertBelievedAgain();
  }

  private void assertBelievedAgain() throws Exception {
    line.lies(0);
    for (int unit = 1; unit <= 2; unit++) {
      assertThat(believed(plan(unit, 5, 1))).isEqualTo(new Value.Int(1000 * unit + 5));
    }
    assertThat(line.figures().overflows()).isZero();
  }

  /** What was still on its way may spoil some reads. */
  private static Value believed(ReadPlan plan) throws DriverException {
    for (int left = 5; ; left--) {
      try {
        RecordingSink sink = new RecordingSink();
        ask(plan, sink, Duration.ofMillis(300));
        return sink.value(0);
      } catch (DriverException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }

  private void reads(int count) {
    for (int i = 0; i < count; i++) {
      read(1 + random.nextInt(2), random.nextInt(SPAN - 20), 1 + random.nextInt(20));
    }
  }

  private void read(int unit, int address, int count) {
    RecordingSink sink = new RecordingSink();
    boolean complete = true;
    try {
      ask(plan(unit, address, count), sink, PATIENCE);
    } catch (DriverException e) {
      assertThat(e.getMessage()).contains(line.port().toString());
      complete = false;
    }
    for (int index : sink.indexes()) {
      Value value = sink.value(index);
      complete &= value != null;
      if (value != null) {
        assertThat(value)
            .as("unit %d, %d+%d, index %d", unit, address, count, index)
            .isEqualTo(new Value.Int(1000 * unit + address + index));
      }
    }
    if (complete) {
      good++;
    } else {
      failed++;
    }
  }

  /** Again and again, as long as nothing is asked because a late answer may come. */
  private static void ask(ReadPlan plan, RecordingSink sink, Duration patience)
      throws DriverException {
    while (true) {
      try {
        plan.read(sink, Deadline.in(patience));
        return;
      } catch (DriverException e) {
        if (!e.getMessage().contains("may still come")) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private ReadPlan plan(int unit, int address, int count) {
    return Driver.plan(
        devices[unit - 1],
        IntStream.range(address, address + count)
            .mapToObj(i -> TestPoints.readable("p" + i, "holding:" + i, "int16"))
            .toArray(PointDefinition[]::new));
  }
}
