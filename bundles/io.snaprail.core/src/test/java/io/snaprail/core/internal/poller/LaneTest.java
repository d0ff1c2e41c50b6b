package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.BusStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order of a lane, in a time that the tests move. */
@Timeout(60)
class LaneTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualThreads threads = new ManualThreads();
  private final Poller poller = new Poller(Clock.systemUTC(), threads, () -> {});
  private final Recorder recorder = new Recorder();

  private Poller.Placement add(TimedDevice device, String name, Duration... periods) {
    Map<Duration, List<PointDefinition>> groups = new TreeMap<>();
    for (Duration period : periods) {
      groups.put(period, Points.of("p" + period.toMillis() + ",1,int16,,,,,rw"));
    }
    var settings =
        new PolledDevice.Settings(
            name, SECOND, SECOND, Duration.ofSeconds(60), false, new AtomicLong());
    return poller.add(device, settings, groups, recorder, error -> {});
  }

  private TimedDevice device(long takesMillis) {
    TimedDevice device = new TimedDevice("b", threads);
    device.takes = Duration.ofMillis(takesMillis);
    return device;
  }

  private BusStatus status() {
    return poller.statuses().get(0);
  }

  @Test
  void readsAtOnceAndThenOnAGridThatTheNameDecides() {
    TimedDevice device = device(0);
    long start = threads.nanos();
    add(device, "boiler", SECOND);
    threads.advance(Duration.ofSeconds(10));
    assertThat(device.reads.get(0)).isEqualTo(start);
    assertThat(device.reads).hasSize(11);
    for (int i = 2; i < 11; i++) {
      assertThat(device.reads.get(i) - device.reads.get(i - 1)).isEqualTo(SECOND.toNanos());
    }
    assertThat(device.reads.get(1) - start).isBetween(1L, SECOND.toNanos());
  }

  @Test
  void keepsGroupsAlignedWhosePeriodsAreMultiples() {
    TimedDevice device = device(0);
    add(device, "boiler", Duration.ofMillis(10), Duration.ofMillis(100), SECOND);
    threads.advance(Duration.ofSeconds(5));
    // The first three were at once, in whatever phase.
    List<Integer> slow = new ArrayList<>();
    for (int i = 3; i < device.read.size(); i++) {
      if (device.read.get(i).equals("p1000")) {
        slow.add(i);
      }
    }
    assertThat(slow).hasSize(5);
    for (int i : slow) {
      long at = device.reads.get(i);
      assertThat(device.reads.stream().filter(other -> other == at)).hasSize(3);
    }
  }

  @Test
  void spreadsDevicesThatWereStartedTogetherOverTheirPeriod() {
    int[] tenths = new int[10];
    for (int i = 0; i < 1000; i++) {
      Phase phase = Phase.of("device-" + i, 0, 0);
      tenths[(int) (phase.gridNanos(SECOND.toNanos()) * 10 / SECOND.toNanos())]++;
    }
    for (int count : tenths) {
      assertThat(count).isBetween(70, 130);
    }
    assertThat(Phase.of("a", 5, 9)).isEqualTo(Phase.of("a", 5, 9));
  }

  @Test
  void mergesMissedPeriodsAndTellsThemFromCyclesThatEndedTooLate() {
    TimedDevice device = device(100);
    add(device, "d", SECOND);
    threads.advance(Duration.ofSeconds(5));
    assertThat(status().deadlineMisses()).isZero();
    long before = status().cycles();
    // One read of 3.5 s: its own period's end is missed, and in the two after nobody reads.
    device.takes = Duration.ofMillis(3500);
    threads.advance(SECOND);
    device.takes = Duration.ofMillis(100);
    threads.advance(Duration.ofMillis(300));
    assertThat(status().deadlineMisses()).isEqualTo(1);
    assertThat(status().missedPeriods()).isEqualTo(2);
    assertThat(status().cycles()).isEqualTo(before + 2);
    assertThat(status().lateP99Ms()).isBetween(2_400.0, 3_000.0);
  }

  @Test
  void measuresTheUseOfTheLastMinute() {
    TimedDevice device = device(250);
    Poller.Placement placement = add(device, "d", SECOND);
    threads.advance(Duration.ofSeconds(100));
    assertThat(status().use()).isBetween(0.24, 0.26);
    assertThat(status().probes()).isZero();
    assertThat(status().lateP99Ms()).isLessThan(1);
    device.takes = Duration.ZERO;
    placement.write(Points.of("x,1,int16,,,,,w").get(0), new Value.Int(1), false);
    threads.advance(Duration.ofSeconds(30));
    assertThat(status().use()).isBetween(0.11, 0.14);
    assertThat(status().writes()).isEqualTo(1);
    threads.advance(Duration.ofSeconds(31));
    assertThat(status().use()).isZero();
  }

  /** On a line with noise: 5 % of the bus for those that are away would be 19 s for an answer. */
  @Test
  void oneAnswerThatIsLostMakesNoDeviceAway() {
    TimedDevice other = device(20);
    add(other, "other", SECOND);
    TimedDevice device = device(20);
    add(device, "unit", SECOND);
    threads.advance(Duration.ofSeconds(5));
    recorder.states.clear();
    for (int lost = 1; lost < PolledDevice.LOST; lost++) {
      device.away = true;
      device.takes = SECOND;
      int reads = device.reads.size();
      while (device.reads.size() < reads + lost) {
        threads.advance(Duration.ofMillis(10));
      }
      device.away = false;
      device.takes = Duration.ofMillis(20);
      threads.advance(Duration.ofMillis(2_500));

      assertThat(device.reads.size()).as("asked again").isGreaterThan(reads + lost);
      assertThat(recorder.states).isEmpty();
      threads.advance(Duration.ofSeconds(5));
    }
    assertThat(other.reads).as("the other had its turns").hasSizeGreaterThan(15);
  }

  /** A value that is read once a day is not to be lost for a day. */
  @Test
  void afterALostAnswerADeviceIsAskedAgainSoonHoweverLongItsPeriodIs() {
    TimedDevice device = device(0);
    device.takes = Duration.ofMillis(5);
    add(device, "meter", Duration.ofHours(1));
    threads.advance(Duration.ofHours(2));
    device.away = true;
    int reads = device.reads.size();
    while (device.reads.size() == reads) {
      threads.advance(Duration.ofMillis(200));
    }
    device.away = false;
    threads.advance(Duration.ofSeconds(3));

    assertThat(device.reads.size()).isEqualTo(reads + 2);
    assertThat(recorder.last().samples().get(0).quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void aDeviceThatFailsAgainAndAgainIsAwayAndComesUnderTheShareOfThose() {
    TimedDevice other = device(20);
    add(other, "other", SECOND);
    TimedDevice device = device(20);
    add(device, "unit", SECOND);
    threads.advance(Duration.ofSeconds(5));
    recorder.states.clear();
    device.away = true;
    device.takes = SECOND;
    int reads = device.reads.size();

    threads.advance(Duration.ofSeconds(15));
    assertThat(recorder.states).containsExactly("away: no answer");
    assertThat(device.reads.size() - reads).isEqualTo(PolledDevice.LOST);
    threads.advance(Duration.ofSeconds(200));
    assertThat(device.reads.size() - reads).isBetween(PolledDevice.LOST + 4, 13);
  }

  /** Issue 3: probes of dead units use at most 5 % of the bus, and that together. */
  @Test
  void givesAllDeadUnitsOfABusTogetherOneTwentieth() {
    TimedDevice living = device(20);
    add(living, "living", SECOND);
    List<TimedDevice> dead = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TimedDevice device = device(1_000);
      device.away = true;
      dead.add(device);
      add(device, "dead" + i, SECOND);
    }
    // The first attempt at each takes a second and half the bus.
    threads.advance(Duration.ofMinutes(1));
    assertThat(dead).allMatch(device -> device.reads.size() >= 1);
    threads.advance(Duration.ofMinutes(1));
    long before = probes(dead);
    int polls = living.reads.size();
    double most = 0;
    for (int i = 0; i < 60; i++) {
      threads.advance(Duration.ofSeconds(20));
      most = Math.max(most, status().probes());
    }
    assertThat(probes(dead) - before).isBetween(50L, 60L);
    assertThat(dead).allMatch(device -> device.reads.size() >= 3);
    assertThat(most).isLessThan(0.07);
    // 1,200 periods; a probe of a second costs two at most.
    assertThat(living.reads.size() - polls).isGreaterThan(1_116);
  }

  private static long probes(List<TimedDevice> dead) {
    return dead.stream().mapToLong(device -> device.reads.size()).sum();
  }

  @Test
  void triesDevicesAsOftenAsTheirBackoffSaysWhenNobodyElseIsOnTheBus() {
    TimedDevice one = device(1_000);
    TimedDevice other = device(1_000);
    one.away = true;
    other.away = true;
    add(one, "one", SECOND);
    add(other, "other", SECOND);
    threads.advance(Duration.ofSeconds(20));
    assertThat(one.reads).hasSizeGreaterThan(3);
    one.away = false;
    one.takes = Duration.ofMillis(20);
    threads.advance(Duration.ofSeconds(60));
    assertThat(recorder.states).contains("online");
  }

  @Test
  void readsEverythingOfADeviceThatIsBackAtOnceAndNotWhenItsPeriodComes() {
    TimedDevice device = device(1);
    device.away = true;
    add(device, "d", SECOND, Duration.ofDays(1));
    threads.advance(Duration.ofSeconds(5));
    device.read.clear();
    device.away = false;
    threads.advance(Duration.ofMinutes(2));
    assertThat(device.read).contains("p86400000");
    assertThat(device.read.indexOf("p86400000")).isEqualTo(1);
  }

  @Test
  void triesADeviceThatIsAwayMoreOftenThanItsLongPeriod() {
    TimedDevice device = device(1);
    device.away = true;
    add(device, "d", Duration.ofDays(1));
    threads.advance(Duration.ofMinutes(5));
    assertThat(device.reads).hasSizeGreaterThan(5);
    // A batch belongs to a period, not to an attempt.
    assertThat(recorder.batches).hasSize(1);
    device.away = false;
    threads.advance(Duration.ofMinutes(1));
    assertThat(recorder.batches).hasSize(2);
  }

  @Test
  void letsAVisitOntoABusThatHasMoreToDoThanItCan() {
    for (int i = 0; i < 20; i++) {
      add(device(100), "d" + i, SECOND);
    }
    threads.advance(Duration.ofSeconds(5));
    CompletableFuture<Long> visit = poller.onBus("b", threads::nanos);
    long asked = threads.nanos();
    threads.advance(Duration.ofSeconds(3));
    assertThat(visit).isDone();
    assertThat(visit.join() - asked).isBetween(0L, Duration.ofMillis(2_100).toNanos());
    assertThat(status().missedPeriods()).isPositive();
  }

  @Test
  void keepsPollsInTimeBesideVisitsThatComeBackToBack() {
    TimedDevice fast = device(5);
    add(fast, "fast", SECOND);
    TimedDevice daily = device(5);
    add(daily, "slow", Duration.ofHours(1));
    int before = fast.reads.size();
    AtomicInteger visits = new AtomicInteger();
    visit(visits);
    visit(visits);
    threads.advance(Duration.ofSeconds(60));
    assertThat(visits.get()).isGreaterThan(500);
    assertThat(fast.reads.size() - before).isGreaterThanOrEqualTo(60);
    assertThat(status().missedPeriods()).isZero();
  }

  private void visit(AtomicInteger visits) {
    poller
        .onBus(
            "b",
            () -> {
              threads.pass(Duration.ofMillis(100));
              return visits.incrementAndGet();
            })
        .thenRun(
            () -> {
              if (visits.get() < 600) {
                visit(visits);
              }
            });
  }

  @Test
  void putsAWriteBeforeEverythingThatIsDue() {
    TimedDevice device = device(0);
    Poller.Placement placement = add(device, "d", SECOND);
    CompletableFuture<Integer> visit = poller.onBus("b", device.reads::size);
    PointDefinition point = Points.of("x,1,int16,,,,,w").get(0);
    CompletableFuture<Integer> before =
        placement.write(point, new Value.Int(1), false).thenApply(written -> device.reads.size());
    threads.work();
    assertThat(before).isCompletedWithValue(0);
    assertThat(visit).isCompletedWithValue(1);
  }

  @Test
  void reportsAToolThatHoldsTheBus() {
    List<Integer> found = new ArrayList<>();
    poller.onBus(
        "b",
        () -> {
          threads.pass(Duration.ofSeconds(25));
          found.add(poller.overdue(Duration.ofSeconds(10)).size());
          threads.pass(Duration.ofSeconds(6));
          found.add(poller.overdue(Duration.ofSeconds(10)).size());
          return found;
        });
    threads.work();
    assertThat(found).containsExactly(0, 1);
    assertThat(poller.overdue(Duration.ofSeconds(10))).isEmpty();
  }
}
