package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.line.LineFigures;
import io.snaprail.testkit.line.LineLie;
import io.snaprail.testkit.line.LineSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices on a serial line, over the real port service. */
@Timeout(60)
class SerialDeviceTest {
  private static final int BAUD = 115_200;

  private LineSimulator line;
  private SerialDriver driver;

  @BeforeEach
  void start() throws Exception {
    LineSimulator.require();
    line = LineSimulator.start(BAUD);
    line.rtuUnits(1, 2, 3);
    driver = new SerialDriver();
  }

  @AfterEach
  void stop() {
    if (line != null) {
      driver.close();
      line.close();
    }
  }

  private SerialDevice rtu(int unit, Object... more) {
    // What comes later counts.
    List<Object> all = new ArrayList<>(List.of("baud", BAUD, "unit", unit, "name", "unit " + unit));
    all.addAll(List.of(more));
    return driver.device(SerialMode.RTU, line.port(), all.toArray());
  }

  private static ReadPlan registers(SerialDevice device, int first, int count) {
    return Driver.plan(
        device,
        IntStream.range(first, first + count)
            .mapToObj(i -> TestPoints.readable("p" + i, "holding:" + i, "uint16"))
            .toArray(PointDefinition[]::new));
  }

  /** Modbus over Serial Line V1.02, section 2.5.1.1. */
  @Test
  void noFrameIsSentEarlierThanTheSilenceAllows() throws Exception {
    for (int baud : new int[] {9600, BAUD}) {
      line.baud(baud, 11);
      line.resetFigures();
      List<ReadPlan> plans = new ArrayList<>();
      List<SerialDevice> devices = new ArrayList<>();
      for (int unit = 1; unit <= 3; unit++) {
        SerialDevice device =
            driver.device(SerialMode.RTU, line.port(), "baud", baud, "unit", unit);
        devices.add(device);
        plans.add(registers(device, 0, 3));
      }
      for (int i = 0; i < 30; i++) {
        assertThat(Driver.read(plans.get(i % 3)).value(1))
            .isEqualTo(new Value.Int(1000 * (i % 3 + 1) + 1));
      }
      devices.forEach(SerialDevice::close);
      assertThat(line.figures().frames()).isEqualTo(30);
      assertThat(line.figures().illegalGaps()).isZero();
    }
  }

  @Test
  void devicesThatWantTheLineOtherwiseAreToldSoUntilTheFirstHasGone() throws Exception {
    SerialDevice first = rtu(1);
    SerialDevice second = rtu(2, "parity", "none");
    Driver.read(registers(first, 0, 1));

    DriverException refused = Driver.readFails(registers(second, 0, 1));
    assertThat(refused.kind()).isEqualTo(DriverException.Kind.CONFIGURATION);
    assertThat(refused)
        .hasMessageContaining("'unit 1'")
        .hasMessageContaining("'unit 2'")
        .hasMessageContaining("8E1")
        .hasMessageContaining("8N1");
    assertThat(Driver.read(registers(first, 0, 1)).value(0)).isNotNull();

    first.close();
    assertThat(Driver.read(registers(second, 0, 1)).value(0)).isEqualTo(new Value.Int(2000));
  }

  /** Section 2.2: no answer to a broadcast; section 2.4.1: a turnaround delay after it. */
  @Test
  void aWriteToUnit0ReachesAllUnitsAndLeavesThemTime() throws Exception {
    SerialDevice all = rtu(0, "turnaround.ms", 150);
    SerialDevice second = rtu(2);
    Driver.read(registers(second, 0, 1));
    line.resetFigures();

    all.write(
        TestPoints.writable("w", "holding:7", "uint16"),
        new Value.Int(4711),
        Deadline.in(Driver.AMPLE));

    assertThat(Driver.read(registers(second, 7, 1)).value(0)).isEqualTo(new Value.Int(4711));
    LineFigures figures = line.figures();
    assertThat(figures.answers()).as("only the read").isEqualTo(1);
    assertThat(figures.span()).isGreaterThan(Duration.ofMillis(150));
    assertThat(Driver.read(registers(rtu(3), 7, 1)).value(0)).isEqualTo(new Value.Int(4711));
  }

  @Test
  void unit0CannotBeRead() {
    Map<Integer, String> errors = new TreeMap<>();
    rtu(0).compile(List.of(TestPoints.readable("a", "holding:1", "int16")), errors::put);
    assertThat(errors.get(0)).contains("unit 0").contains("'w'");
  }

  @Test
  void wrongSettingsNameTheirKey() {
    for (Object[] wrong :
        new Object[][] {
          {"baud", 100},
          {"data.bits", 7},
          {"parity", "some"},
          {"stop.bits", "3"},
          {"unit", 248},
          {"turnaround.ms", -1},
          {"rs485.direction", "left"},
          {"rs485.delay.before.ms", 101},
          {"port", " "}
        }) {
      List<Object> settings = new ArrayList<>(List.of("unit", 1));
      Map<String, Object> properties = TestConfig.properties(settings.toArray());
      properties.put("port", "/dev/ttyS99");
      properties.put((String) wrong[0], wrong[1]);
      SerialDevice device = driver.device(SerialMode.RTU, properties);
      assertThatThrownBy(device::bus)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining((String) wrong[0]);
    }
  }

  @Test
  void anEchoIsTakenOut() throws Exception {
    line.echo(true);
    ReadPlan plan = registers(rtu(1, "echo", true), 0, 5);
    for (int i = 0; i < 5; i++) {
      assertThat(Driver.read(plan).value(4)).isEqualTo(new Value.Int(1004));
    }
    line.lies(1, LineLie.SILENT);
    Driver.readFails(plan, Duration.ofMillis(100));
    line.lies(0);
    assertThat(Driver.read(plan).value(4)).isEqualTo(new Value.Int(1004));
  }

  /** A late answer of one unit does not disturb the exchange with another. */
  @Test
  void aLateAnswerOfAnotherUnitIsDropped() throws Exception {
    ReadPlan one = registers(rtu(1), 0, 4);
    ReadPlan two = registers(rtu(2), 0, 4);
    Driver.read(one);
    Driver.read(two);
    line.lateness(Duration.ofMillis(150), true);
    line.lies(1, LineLie.LATE);
    Driver.readFails(one, Duration.ofMillis(100));
    // Asked now, and answering itself after the late answer of the other.
    line.lies(0);
    line.turnaround(Duration.ofMillis(120));

    assertThat(Driver.read(two).value(0)).isEqualTo(new Value.Int(2000));
    line.turnaround(Duration.ZERO);
    assertThat(Driver.read(one).value(0)).isEqualTo(new Value.Int(1000));
  }

  /** A refusal is an answer: the port stays open, and the next request goes on at once. */
  @Test
  void anExceptionDoesNotReopenThePort() throws Exception {
    ReadPlan plan = registers(rtu(1), 59_999, 2);
    long opened = descriptorOfPort();
    for (int i = 0; i < 5; i++) {
      RecordingSink sink = Driver.read(plan);
      assertThat(sink.reason(1)).contains("exception 2");
      opened = Math.max(opened, descriptorOfPort());
      assertThat(descriptorOfPort()).isEqualTo(opened).isPositive();
    }
    assertThat(metric("exceptions")).isPositive();
  }

  @Test
  void theCostOfAReadIsMeasured() throws Exception {
    line.baud(9600, 11);
    line.turnaround(Duration.ofMillis(100));
    // At this baud rate a hole of 30 registers is worth a turnaround of 46 ms.
    SerialDevice device = rtu(1, "baud", 9600);
    ReadPlan plan =
        Driver.plan(
            device,
            TestPoints.readable("a", "holding:0", "uint16"),
            TestPoints.readable("b", "holding:30", "uint16"));
    for (int i = 0; i < 6; i++) {
      Driver.read(plan);
    }
    line.resetFigures();
    Driver.read(plan);
    assertThat(line.figures().requests()).as("merged").isEqualTo(1);

    line.turnaround(Duration.ZERO);
    for (int i = 0; i < 24; i++) {
      Driver.read(plan);
    }
    line.resetFigures();
    Driver.read(plan);
    assertThat(line.figures().requests()).as("divided").isEqualTo(2);
  }

  @Test
  void aPortThatGoesAndReturnsLeavesNothingBehind() throws Exception {
    ReadPlan plan = registers(rtu(1), 0, 2);
    Driver.read(plan);
    cycle(plan, 0);
    long descriptors = descriptors();
    long threads = threads();
    for (int i = 1; i <= 20; i++) {
      cycle(plan, i);
    }
    await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptors));
    assertThat(threads()).isLessThanOrEqualTo(threads);
  }

  private void cycle(ReadPlan plan, int i) throws Exception {
    line.vanish();
    DriverException lost = Driver.readFails(plan, Duration.ofSeconds(1));
    assertThat(lost.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    if (i % 2 == 0) {
      line.comeBack();
    } else {
      line.comeBackElsewhere();
    }
    assertThat(Driver.read(plan).value(0)).isEqualTo(new Value.Int(1000));
  }

  @Test
  void thePortServiceMayComeAndGo() throws Exception {
    // A pseudo-terminal has no parity, and glibc refuses it from the second opening on.
    line.baud(BAUD, 10);
    ReadPlan plan = registers(rtu(1, "parity", "none"), 0, 2);
    Driver.read(plan);
    driver.buses.unbindPorts(driver.ports);
    assertThat(Driver.readFails(plan)).hasMessageContaining("io.snaprail.serial");
    driver.buses.bindPorts(driver.ports);
    assertThat(Driver.read(plan).value(0)).isEqualTo(new Value.Int(1000));
  }

  @Test
  void aDeviceThatGoesLeavesThePortToTheOthers() throws Exception {
    SerialDevice first = rtu(1);
    ReadPlan second = registers(rtu(2), 0, 1);
    Driver.read(registers(first, 0, 1));
    first.close();
    assertThat(Driver.read(second).value(0)).isEqualTo(new Value.Int(2000));
    assertThat(driver.ports.ports()).anyMatch(port -> port.name().equals(line.port().toString()));
  }

  @Test
  void whatHappensIsCounted() throws Exception {
    ReadPlan plan = registers(rtu(1), 0, 2);
    Driver.read(plan);
    line.lies(1, LineLie.CHECKSUM);
    assertThat(Driver.readFails(plan).kind()).isEqualTo(DriverException.Kind.PROTOCOL);
    line.lies(1, LineLie.SILENT);
    Driver.readFails(plan, Duration.ofMillis(100));

    assertThat(metric("requests")).isEqualTo(3);
    assertThat(metric("checksum_errors")).isEqualTo(1);
    assertThat(metric("timeouts")).isEqualTo(1);
  }

  /** FTDI's default: four fifths of the line are lost at this baud rate. */
  @Test
  void anAdapterThatKeepsBytesBackIsNamedWithTheRemedy() throws Exception {
    Board board = new Board();
    driver.buses.bindBoard(board);
    line.latency(Duration.ofMillis(16));
    ReadPlan plan = registers(rtu(1), 0, 10);
    for (int i = 0; i < 2000 && board.problems.isEmpty(); i++) {
      Driver.read(plan);
    }
    assertThat(board.problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Problem.Severity.WARNING);
              assertThat(problem.subject()).isEqualTo(line.port().toString());
              assertThat(problem.message()).contains("latency_timer").contains("low_latency");
            });

    line.latency(Duration.ZERO);
    for (int i = 0; i < 2000 && !board.problems.isEmpty(); i++) {
      Driver.read(plan);
    }
    assertThat(board.problems).isEmpty();
  }

  @Test
  void aSlowUnitIsNotTakenForASlowAdapter() throws Exception {
    Board board = new Board();
    driver.buses.bindBoard(board);
    ReadPlan plan = registers(rtu(1), 0, 10);
    for (int turnaround : new int[] {5, 9, 14}) {
      line.turnaround(Duration.ofMillis(turnaround));
      reads(plan, 60);
      assertThat(board.problems).as("%d ms", turnaround).isEmpty();
    }
  }

  private static void reads(ReadPlan plan, int count) throws DriverException {
    for (int i = 0; i < count; i++) {
      Driver.read(plan);
    }
  }

  /** Keeps the last report. */
  private static final class Board implements ProblemBoard {
    volatile List<Problem> problems = List.of();

    @Override
    public void report(String source, List<Problem> all) {
      problems = List.copyOf(all);
    }

    @Override
    public List<Entry> problems() {
      return List.of();
    }
  }

  private double metric(String name) {
    double[] sum = new double[1];
    driver.buses.collect(
        new MetricSource.Collector() {
          @Override
          public void counter(String metric, String help, double value, String... labels) {
            if (metric.equals("snaprail_modbus_" + name + "_total")) {
              sum[0] += value;
            }
          }

          @Override
          public void gauge(String metric, String help, double value, String... labels) {
            // None here.
          }
        });
    return sum[0];
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("snaprail"))
        .count();
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  private long descriptorOfPort() throws IOException {
    Path terminal = line.port().toRealPath();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(fd -> leadsTo(fd, terminal))
          .mapToLong(fd -> Long.parseLong(fd.getFileName().toString()))
          .max()
          .orElse(-1);
    }
  }

  private static boolean leadsTo(Path link, Path target) {
    try {
      return Files.readSymbolicLink(link).equals(target);
    } catch (IOException gone) {
      return false;
    }
  }
}
