package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Value;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PollerTest {
  private static final Duration PERIOD = Duration.ofMillis(20);

  private final Poller poller = new Poller(Clock.systemUTC());
  private final List<String> errors = new ArrayList<>();

  @AfterEach
  void stop() {
    poller.close();
  }

  private Poller.Placement add(
      FakeDevice device, Recorder recorder, List<PointDefinition> points, Duration backoff) {
    var settings =
        new PolledDevice.Settings(
            "d", Duration.ofSeconds(1), backoff, backoff, false, new AtomicLong());
    return poller.add(device, settings, Map.of(PERIOD, points), recorder, errors::add);
  }

  @Test
  void deliversOneBatchACycleWithoutHolesInTheSequence() {
    Recorder recorder = new Recorder();
    add(new FakeDevice("b"), recorder, Points.of("x,1,int16", "y,2,int16,,0.1"), PERIOD);
    await().until(() -> recorder.batches.size() >= 5);
    for (int i = 0; i < 5; i++) {
      assertThat(recorder.batches.get(i).sequence()).isEqualTo(i + 1);
      assertThat(recorder.batches.get(i).samples()).hasSize(2);
    }
    assertThat(recorder.batches.get(2).samples().get(1).value()).isEqualTo(new Value.Float64(0.3));
    assertThat(recorder.states).containsExactly("online");
  }

  @Test
  void makesAFreshBadSampleEveryPeriodWhileADeviceIsAwayWithoutTryingItEveryPeriod() {
    FakeDevice device = new FakeDevice("b");
    device.failure = DriverException.unreachable("cannot connect to h:502", null);
    Recorder recorder = new Recorder();
    add(device, recorder, Points.of("x,1,int16"), Duration.ofSeconds(30));
    await().until(() -> recorder.batches.size() >= 10);
    assertThat(device.reads).hasValue(1);
    assertThat(recorder.last().samples().get(0).quality()).isEqualTo(Quality.BAD);
    assertThat(recorder.last().samples().get(0).reason()).isEqualTo("cannot connect to h:502");
    assertThat(recorder.states).containsExactly("away: cannot connect to h:502");
  }

  @Test
  void comesBackByItself() {
    FakeDevice device = new FakeDevice("b");
    device.failure = DriverException.noAnswer("no answer from h:502", null);
    Recorder recorder = new Recorder();
    add(device, recorder, Points.of("x,1,int16"), Duration.ofMillis(30));
    await().until(() -> device.reads.get() >= 2);
    device.failure = null;
    await().until(() -> recorder.states.contains("online"));
    assertThat(recorder.last().samples().get(0).quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void survivesADriverThatThrowsWhatItDoesNotDeclare() {
    FakeDevice device = new FakeDevice("b");
    device.undeclared = new ClassCastException("wrong class");
    Recorder recorder = new Recorder();
    add(device, recorder, Points.of("x,1,int16"), PERIOD);
    await().until(() -> recorder.batches.size() >= 2);
    assertThat(recorder.last().samples().get(0).reason())
        .isEqualTo("the driver failed: java.lang.ClassCastException: wrong class");
    device.undeclared = null;
    await().until(() -> recorder.states.contains("online"));
  }

  @Test
  void readsTheGoodPointsBesideABadOneAndNamesIt() {
    Recorder recorder = new Recorder();
    add(new FakeDevice("b"), recorder, Points.of("x,bad,int16", "y,2,int16"), PERIOD);
    await().until(() -> !recorder.batches.isEmpty());
    assertThat(errors)
        .containsExactly("test: points[1]: point 'x': address 'bad': expected a number");
    assertThat(recorder.last().samples())
        .extracting(s -> s.quality())
        .containsExactly(Quality.BAD, Quality.GOOD);
  }

  @Test
  void neverUsesABusTwiceAtOnce() {
    AtomicInteger inside = new AtomicInteger();
    List<FakeDevice> devices = new ArrayList<>();
    List<Recorder> recorders = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      FakeDevice device = new FakeDevice("shared", inside);
      Recorder recorder = new Recorder();
      devices.add(device);
      recorders.add(recorder);
      add(device, recorder, Points.of("x,1,int16"), PERIOD);
    }
    await().until(() -> recorders.stream().allMatch(r -> r.batches.size() >= 10));
    assertThat(devices).allMatch(d -> d.overlaps.get() == 0);
    assertThat(poller.buses()).isEqualTo(1);
  }

  @Test
  void aStuckDeviceHoldsUpNobodyOnAnotherBus() {
    FakeDevice stuck = new FakeDevice("stuck");
    stuck.gate = new CountDownLatch(1);
    Recorder away = new Recorder();
    Recorder healthy = new Recorder();
    add(stuck, away, Points.of("x,1,int16"), PERIOD);
    add(new FakeDevice("other"), healthy, Points.of("x,1,int16"), PERIOD);
    await().until(() -> healthy.batches.size() >= 5);
    assertThat(away.batches).isEmpty();
    stuck.gate.countDown();
  }

  @Test
  void mergesMissedPeriodsIntoOneCycleAndCountsThem() {
    FakeDevice device = new FakeDevice("b");
    device.gate = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    Poller.Placement placement = add(device, recorder, Points.of("x,1,int16"), PERIOD);
    await().until(() -> device.reads.get() == 1);
    await().pollDelay(PERIOD.multipliedBy(6)).until(() -> true);
    CountDownLatch gate = device.gate;
    device.gate = null;
    gate.countDown();
    await().until(() -> recorder.batches.size() >= 3);
    assertThat(placement.device().missedPeriods()).isGreaterThanOrEqualTo(4);
    assertThat(recorder.batches.get(2).sequence()).isEqualTo(3);
  }

  @Test
  void putsAWriteBeforePollsAndReadsItBackAtOnce() throws Exception {
    FakeDevice device = new FakeDevice("b");
    Recorder recorder = new Recorder();
    List<PointDefinition> points = Points.of("x,1,int16,,,,,rw");
    var settings =
        new PolledDevice.Settings(
            "d", Duration.ofSeconds(1), PERIOD, PERIOD, false, new AtomicLong());
    Poller.Placement placement =
        poller.add(device, settings, Map.of(Duration.ofHours(1), points), recorder, errors::add);
    await().until(() -> recorder.batches.size() == 1);
    placement.write(points.get(0), new Value.Int(7), false).get(5, TimeUnit.SECONDS);
    assertThat(device.writes).containsExactly("x=7");
    await().until(() -> recorder.batches.size() == 2);
  }

  @Test
  void takesBackAWriteThatHasNotBegun() {
    FakeDevice device = new FakeDevice("b");
    device.gate = new CountDownLatch(1);
    List<PointDefinition> points = Points.of("x,1,int16,,,,,rw");
    Poller.Placement placement = add(device, new Recorder(), points, PERIOD);
    await().until(() -> device.reads.get() == 1);
    CompletableFuture<?> write = placement.write(points.get(0), new Value.Int(7), false);
    assertThat(write.cancel(false)).isTrue();
    device.gate.countDown();
    await().until(() -> device.reads.get() >= 3);
    assertThat(device.writes).isEmpty();
  }

  @Test
  void doesATaskOfAToolAloneOnABusThatHasNoDevice() throws Exception {
    assertThat(poller.onBus("empty", () -> "done").get(5, TimeUnit.SECONDS)).isEqualTo("done");
    await().until(() -> poller.buses() == 0);
    DriverException refused = DriverException.refused("exception 1");
    assertThat(
            poller.onBus(
                "empty",
                () -> {
                  throw refused;
                }))
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .withCause(refused);
  }

  @Test
  void neverDoesATaskOfAToolWhileADeviceUsesTheBus() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    FakeDevice device = new FakeDevice("b", inside);
    device.gate = new CountDownLatch(1);
    add(device, new Recorder(), Points.of("x,1,int16"), PERIOD);
    await().until(() -> device.reads.get() == 1);
    CompletableFuture<Integer> visit = poller.onBus("b", inside::get);
    CompletableFuture<Integer> cancelled = poller.onBus("b", inside::incrementAndGet);
    assertThat(cancelled.cancel(true)).isTrue();
    assertThat(visit).isNotDone();
    device.gate.countDown();
    assertThat(visit.get(5, TimeUnit.SECONDS)).isZero();
    await().until(() -> device.reads.get() >= 3);
    assertThat(device.overlaps).hasValue(0);
  }

  @Test
  void pollsBetweenTheTasksOfAToolThatComeBackToBack() {
    FakeDevice device = new FakeDevice("b");
    add(device, new Recorder(), Points.of("x,1,int16"), PERIOD);
    AtomicInteger visits = new AtomicInteger();
    AtomicBoolean enough = new AtomicBoolean();
    // Each is in line before the one before it has ended: the line is never empty.
    visitAgain(visits, enough);
    visitAgain(visits, enough);
    await().until(() -> device.reads.get() >= 10);
    enough.set(true);
    assertThat(visits.get()).isPositive();
    assertThat(device.overlaps).hasValue(0);
  }

  private void visitAgain(AtomicInteger visits, AtomicBoolean enough) {
    poller
        .onBus("b", visits::incrementAndGet)
        .thenRun(
            () -> {
              if (!enough.get()) {
                visitAgain(visits, enough);
              }
            });
  }

  @Test
  void leavesNobodyWaitingForATurnWhenItEnds() {
    FakeDevice device = new FakeDevice("b");
    device.gate = new CountDownLatch(1);
    add(device, new Recorder(), Points.of("x,1,int16"), PERIOD);
    await().until(() -> device.reads.get() == 1);
    CompletableFuture<Boolean> waiting = poller.onBus("b", () -> true);
    poller.close();
    assertThat(waiting).isCompletedExceptionally();
    assertThat(poller.onBus("b", () -> true)).isCompletedExceptionally();
    device.gate.countDown();
  }

  @Test
  void deliversNothingAfterRemoval() {
    FakeDevice device = new FakeDevice("b");
    device.gate = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    Poller.Placement placement = add(device, recorder, Points.of("x,1,int16"), PERIOD);
    await().until(() -> device.reads.get() == 1);
    placement.remove();
    device.gate.countDown();
    await().until(() -> poller.buses() == 0);
    assertThat(recorder.batches).isEmpty();
  }

  @Test
  void keepsADriversInterruptFromTheNextOneOnTheBus() {
    FakeDevice careless = new FakeDevice("shared");
    FakeDevice next = new FakeDevice("shared");
    Recorder recorder = new Recorder();
    // Held until both are due, so that one worker takes them one after the other.
    careless.gate = new CountDownLatch(1);
    add(careless, new Recorder(), Points.of("x,1,int16"), PERIOD);
    await().until(() -> careless.reads.get() == 1);
    add(next, recorder, Points.of("x,1,int16"), PERIOD);
    careless.interrupting = true;
    careless.gate.countDown();
    await().until(() -> careless.reads.get() >= 10 && next.reads.get() >= 10);
    assertThat(next.interrupted).hasValue(0);
  }
}
