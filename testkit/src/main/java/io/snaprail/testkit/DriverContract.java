package io.snaprail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every driver keeps to, as tests: extend it, hand over a {@link DeviceRig}, and the suite
 * runs. Clauses are those of {@link Device} and {@link ReadPlan}.
 */
public abstract class DriverContract {
  /** Enough for a healthy device on this machine, however busy. */
  private static final Duration AMPLE = Duration.ofSeconds(10);

  private static final Duration SHORT = Duration.ofMillis(250);

  /** How late a call may end and still count as ended by its deadline, on a busy machine. */
  private static final Duration GRACE = Duration.ofMillis(750);

  private DeviceRig rig;

  /** Makes an activated device and its far side; called before each test. */
  protected abstract DeviceRig createRig() throws Exception;

  @BeforeEach
  void setUpRig() throws Exception {
    rig = createRig();
  }

  @AfterEach
  void tearDownRig() {
    rig.deactivate();
    rig.close();
  }

  /** Device.compile: "takes one message for each point that can never be read, by index". */
  @ParameterizedTest
  @EnumSource
  void compileNamesABadPointByIndexAndReadsTheOthers(Form form) throws Exception {
    List<PointDefinition> points = new ArrayList<>(rig.readable());
    points.add(1, rig.unreadable());
    Map<Integer, String> errors = new TreeMap<>();

    ReadPlan plan = form.of(rig.device().compile(points, errors::put));
    RecordingSink sink = read(form, plan);

    assertThat(errors.keySet()).containsExactly(1);
    assertThat(errors.get(1)).isNotBlank();
    assertThat(sink.value(0)).as("point before the bad one").isNotNull();
    assertThat(sink.value(2)).as("point after the bad one").isNotNull();
    assertThat(sink.indexes()).as("a point that is left out is not delivered").doesNotContain(1);
  }

  /** ReadPlan.read: "reads every point of the plan once and delivers each to the sink". */
  @ParameterizedTest
  @EnumSource
  void readDeliversEachPointOnce(Form form) throws Exception {
    ReadPlan plan = form.of(compile(rig.readable()));

    for (int round = 0; round < 3; round++) {
      RecordingSink sink = read(form, plan);
      for (int i = 0; i < rig.readable().size(); i++) {
        assertThat(sink.deliveries(i)).as("deliveries of point %d", i).hasSize(1);
        assertThat(sink.value(i)).as("value of point %d", i).isNotNull();
      }
    }
  }

  /** Device.compile: "Does no input or output". Also holds for checkWritable. */
  @Test
  void compilingAsksTheDeviceNothing() {
    rig.device().compile(rig.readable(), (index, message) -> fail(message));
    if (rig.writes()) {
      rig.device().checkWritable(List.of(rig.writable()), (index, message) -> fail(message));
    }

    assertThat(rig.requests()).isZero();
  }

  /** Device.checkWritable: "takes one message for each point that can never be written". */
  @Test
  void checkWritableNamesAPointThatCannotBeWritten() {
    Map<Integer, String> errors = new TreeMap<>();

    List<PointDefinition> points = new ArrayList<>(List.of(rig.unwritable()));
    if (rig.writes()) {
      points.add(0, rig.writable());
    }
    int bad = points.size() - 1;
    rig.device().checkWritable(points, errors::put);

    assertThat(errors.keySet()).containsExactly(bad);
    assertThat(errors.get(bad)).isNotBlank();
  }

  /** Device.write, then ReadPlan.read: the value is the one that was written. */
  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadBack(Form form) throws Exception {
    assumeTrue(rig.writes(), "the driver does not write");
    ReadPlan plan = form.of(compile(List.of(rig.writable())));
    for (Value value : rig.values()) {
      rig.device().write(rig.writable(), value, Deadline.in(AMPLE));
      if (!rig.asks()) {
        await("the value to come", () -> value.equals(lastOf(form, plan)));
      }
      assertThat(read(form, plan).value(0)).isEqualTo(value);
    }
  }

  /** DriverException.configuration: "can never work"; nothing may reach the device. */
  @Test
  void aValueThatDoesNotFitIsRefusedBeforeAnythingIsSent() {
    assumeTrue(rig.writes(), "the driver does not write");
    int before = rig.requests();

    DriverException failure = writeFails(rig.outOfRange(), AMPLE);

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.CONFIGURATION);
    assertThat(failure.sent()).isFalse();
    assertThat(rig.requests()).isEqualTo(before);
  }

  /** ReadPlan.read: "deadline by which the call ends, whatever the device does". */
  @ParameterizedTest
  @EnumSource
  void readEndsByItsDeadlineWhenTheDeviceIsSilent(Form form) throws Exception {
    assumeTrue(rig.hasLine(), "the driver has no line");
    ReadPlan plan = form.of(compile(rig.readable()));
    read(form, plan);
    rig.fallSilent();

    long start = System.nanoTime();
    DriverException failure = readFails(form, plan, SHORT);

    if (rig.asks()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plus(GRACE));
    }
    assertThat(failure.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(failure.getMessage()).isNotBlank();
  }

  /** DriverException.sent: a write that got no answer may have been carried out. */
  @Test
  void aWriteWithoutAnswerEndsByItsDeadlineAndCountsAsSent() {
    assumeTrue(rig.asks(), "nothing is asked of the device");
    assumeTrue(rig.writes(), "the driver does not write");
    assumeTrue(rig.hasLine(), "the driver has no line");
    rig.fallSilent();
    int before = rig.requests();

    long start = System.nanoTime();
    DriverException failure = writeFails(rig.values().get(0), SHORT);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plus(GRACE));
    assertThat(failure.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(failure.sent()).isTrue();
    assertThat(rig.requests()).as("a write is never repeated").isEqualTo(before + 1);
  }

  /** DriverException.unreachable: "nothing was sent". */
  @ParameterizedTest
  @EnumSource
  void anUnreachableDeviceIsTransientAndNothingCountsAsSent(Form form) throws Exception {
    assumeTrue(rig.hasLine(), "the driver has no line");
    ReadPlan plan = form.of(compile(rig.readable()));
    rig.vanish();

    DriverException onRead = readFails(form, plan, AMPLE);

    assertThat(onRead.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(onRead.sent()).isFalse();
    if (!rig.writes()) {
      return;
    }
    DriverException onWrite = writeFails(rig.values().get(0), AMPLE);
    assertThat(onWrite.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(onWrite.sent()).isFalse();
  }

  /** A plan outlives failures: the core calls it again after its back-off. */
  @ParameterizedTest
  @EnumSource
  void theSamePlanWorksAgainAfterSilenceAndAbsence(Form form) throws Exception {
    assumeTrue(rig.hasLine(), "the driver has no line");
    ReadPlan plan = form.of(compile(rig.readable()));
    read(form, plan);

    rig.fallSilent();
    readFails(form, plan, SHORT);
    rig.heal();
    assertThat(read(form, plan).value(0)).isNotNull();

    rig.vanish();
    readFails(form, plan, SHORT);
    rig.heal();
    assertThat(read(form, plan).value(0)).isNotNull();
  }

  /** Device.bus: "Constant for the life of the service", {@code scheme:rest}. */
  @Test
  void busIsConstantAndNamesItsKind() throws Exception {
    String bus = rig.device().bus();
    read(Form.WAITING, compile(rig.readable()));
    if (rig.hasLine()) {
      rig.vanish();
      readFails(Form.WAITING, compile(rig.readable()), SHORT);
    }

    assertThat(bus).matches("[a-z0-9]+:.+");
    assertThat(rig.device().bus()).isEqualTo(bus);
  }

  /** A bundle's stop must not wait for a device that does not answer. */
  @ParameterizedTest
  @EnumSource
  void deactivationEndsAReadThatWaits(Form form) throws Exception {
    assumeTrue(rig.asks(), "nothing is asked of the device");
    assumeTrue(rig.hasLine(), "the driver has no line");
    ReadPlan plan = form.of(compile(rig.readable()));
    rig.fallSilent();
    int before = rig.requests();
    CompletableFuture<DriverException> waiting = new CompletableFuture<>();
    Thread reader =
        new Thread(() -> waiting.complete(readFails(form, plan, AMPLE)), "snaprail-testkit-reader");
    reader.setDaemon(true);
    reader.start();
    await("the request to arrive", () -> rig.requests() > before);

    long start = System.nanoTime();
    rig.deactivate();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    try {
      assertThat(waiting.get(2, TimeUnit.SECONDS).kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    } catch (TimeoutException | ExecutionException e) {
      fail("the read did not end when its device was deactivated", e);
    }
  }

  /** How a plan is read. */
  enum Form {
    /** By {@link ReadPlan#read}, which every plan has. */
    WAITING,
    /** By {@link AsyncReadPlan#read(Sink, Deadline, AsyncReadPlan.Completion)}, if it has that. */
    TOLD;

    /** Skips what a plan does not have. */
    ReadPlan of(ReadPlan plan) {
      assumeTrue(this == WAITING || plan instanceof AsyncReadPlan, "the plan waits only");
      return plan;
    }

    void read(ReadPlan plan, Sink sink, Deadline deadline) throws DriverException {
      if (this == TOLD && of(plan) instanceof AsyncReadPlan async) {
        readAndBeTold(async, sink, deadline);
      } else {
        plan.read(sink, deadline);
      }
    }

    private static void readAndBeTold(AsyncReadPlan plan, Sink sink, Deadline deadline)
        throws DriverException {
      BlockingQueue<Optional<DriverException>> told = new LinkedBlockingQueue<>();
      plan.read(sink, deadline, failure -> told.add(Optional.ofNullable(failure)));
      Optional<DriverException> ended;
      try {
        ended = told.poll(deadline.remainingMillis() + GRACE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
      assertThat(ended).as("told soon after the deadline at the latest").isNotNull();
      assertThat(told).as("told once").isEmpty();
      if (ended.isPresent()) {
        throw ended.get();
      }
    }
  }

  private ReadPlan compile(List<PointDefinition> points) {
    return rig.device().compile(points, (index, message) -> fail(index + ": " + message));
  }

  private RecordingSink read(Form form, ReadPlan plan) throws DriverException {
    if (!rig.asks()) {
      await("something to come", () -> reads(form, plan));
    }
    RecordingSink sink = new RecordingSink();
    form.read(plan, sink, Deadline.in(AMPLE));
    return sink;
  }

  private DriverException readFails(Form form, ReadPlan plan, Duration time) {
    if (!rig.asks()) {
      await("what came last to be too old", () -> !reads(form, plan));
    }
    return failure(() -> form.read(plan, new RecordingSink(), Deadline.in(time)));
  }

  private static @Nullable Value lastOf(Form form, ReadPlan plan) {
    RecordingSink sink = new RecordingSink();
    try {
      form.read(plan, sink, Deadline.in(AMPLE));
      return sink.value(0);
    } catch (DriverException e) {
      return null;
    }
  }

  private static boolean reads(Form form, ReadPlan plan) {
    try {
      form.read(plan, new RecordingSink(), Deadline.in(AMPLE));
      return true;
    } catch (DriverException e) {
      return false;
    }
  }

  /** AsyncReadPlan.read: "returns without waiting for the device". */
  @Test
  void aPlanThatTellsDoesNotWait() throws Exception {
    assumeTrue(rig.hasLine(), "the driver has no line");
    ReadPlan plan = Form.TOLD.of(compile(rig.readable()));
    rig.fallSilent();
    CompletableFuture<@Nullable DriverException> told = new CompletableFuture<>();

    long start = System.nanoTime();
    ((AsyncReadPlan) plan).read(new RecordingSink(), Deadline.in(AMPLE), told::complete);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GRACE);
    assertThat(told).isNotDone();
    rig.deactivate();
    assertThat(told.get(2, TimeUnit.SECONDS)).isNotNull();
  }

  private DriverException writeFails(Value value, Duration time) {
    return failure(() -> rig.device().write(rig.writable(), value, Deadline.in(time)));
  }

  private static DriverException failure(ThrowingCallable call) {
    DriverException failure = catchThrowableOfType(DriverException.class, call);
    assertThat(failure).as("a failure was expected").isNotNull();
    return failure;
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + AMPLE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("waited in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
