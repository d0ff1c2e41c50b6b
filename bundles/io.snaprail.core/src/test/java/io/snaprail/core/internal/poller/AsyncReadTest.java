package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Value;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** {@link AsyncReadPlan}: what its contract says, and what becomes of drivers that break it. */
class AsyncReadTest {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final ManualThreads threads = new ManualThreads();
  private final Poller poller = new Poller(Clock.systemUTC(), threads, () -> {});
  private final Recorder recorder = new Recorder();

  /** What was begun and not ended, by the order of beginning. */
  private record Begun(Sink sink, AsyncReadPlan.Completion done) {}

  private static final class AsyncDevice implements Device {
    final List<Begun> begun = new ArrayList<>();
    Consumer<Begun> onBegin = read -> {};

    @Override
    public String bus() {
      return "b";
    }

    @Override
    public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
      return new AsyncReadPlan() {
        @Override
        public void read(Sink sink, Deadline deadline, Completion done) {
          Begun read = new Begun(sink, done);
          begun.add(read);
          onBegin.accept(read);
        }

        @Override
        public void read(Sink sink, Deadline deadline) {
          throw new AssertionError("the core polls without a thread");
        }
      };
    }

    @Override
    public void checkWritable(List<PointDefinition> points, PointErrors errors) {}

    @Override
    public void write(PointDefinition point, Value raw, Deadline deadline) {}

    /** Answers the latest read. */
    void answer(long raw) {
      Begun read = begun.get(begun.size() - 1);
      read.sink.integer(0, raw);
      read.done.ended(null);
    }
  }

  private Poller.Placement add(Device device, String name, Recorder events) {
    var settings =
        new PolledDevice.Settings(
            name, Duration.ofMillis(10), PERIOD, PERIOD, false, new AtomicLong());
    Poller.Placement placement =
        poller.add(device, settings, Map.of(PERIOD, Points.of("x,1,int16")), events, errors -> {});
    threads.work();
    return placement;
  }

  @Test
  void holdsTheBusButNoWorkerUntilItHasEnded() {
    AsyncDevice device = new AsyncDevice();
    TimedDevice other = new TimedDevice("b", threads);
    add(device, "d", recorder);
    add(other, "e", new Recorder());
    assertThat(device.begun).hasSize(1);
    assertThat(threads.busy()).isFalse();
    assertThat(other.reads).isEmpty();
    device.answer(7);
    // A device that is seen for the first time is reported, which may take its time.
    assertThat(recorder.batches).isEmpty();
    threads.work();
    assertThat(recorder.last().samples().get(0).value()).isEqualTo(new Value.Int(7));
    assertThat(other.reads).hasSize(1);
  }

  @Test
  void answerOfADeviceThatIsHereIsHandedOnWithoutAWorker() {
    AsyncDevice device = new AsyncDevice();
    add(device, "d", recorder);
    device.answer(1);
    threads.advance(PERIOD);
    device.answer(2);
    assertThat(threads.busy()).isFalse();
    assertThat(recorder.last().samples().get(0).value()).isEqualTo(new Value.Int(2));
    threads.advance(PERIOD);
    assertThat(device.begun).hasSize(3);
  }

  @Test
  void failureIsForAWorkerAsItIsReported() {
    AsyncDevice device = new AsyncDevice();
    add(device, "d", recorder);
    device.answer(1);
    threads.advance(PERIOD);
    device.begun.get(1).done.ended(DriverException.noAnswer("silent", null));
    assertThat(recorder.batches).hasSize(1);
    threads.work();
    assertThat(recorder.batches).hasSize(2);
  }

  @Test
  void whatIsDueNextOnTheBusIsForAWorker() {
    AsyncDevice device = new AsyncDevice();
    AsyncDevice other = new AsyncDevice();
    add(device, "d", recorder);
    device.answer(1);
    threads.work();
    add(other, "e", new Recorder());
    other.answer(1);
    threads.work();
    // One of them has begun its second read, and the other one waits for the bus.
    threads.advance(PERIOD);
    AsyncDevice first = device.begun.size() == 2 ? device : other;
    AsyncDevice second = first == device ? other : device;
    assertThat(second.begun).hasSize(1);
    first.answer(2);
    assertThat(second.begun).hasSize(1);
    threads.work();
    assertThat(second.begun).hasSize(2);
  }

  @Test
  void goesOnAtOnceWhenItEndsBeforeTheCallReturns() {
    AsyncDevice device = new AsyncDevice();
    device.onBegin = read -> device.answer(3);
    add(device, "d", recorder);
    assertThat(recorder.last().samples().get(0).value()).isEqualTo(new Value.Int(3));
    threads.advance(Duration.ofSeconds(5));
    assertThat(recorder.batches).hasSize(6);
  }

  @Test
  void countsTheTimeUntilTheAnswerAsUseOfTheBus() {
    AsyncDevice device = new AsyncDevice();
    add(device, "d", recorder);
    threads.pass(Duration.ofMillis(250));
    assertThat(poller.statuses().get(0).use()).isEqualTo(1);
    device.answer(1);
    threads.pass(Duration.ofMillis(750));
    threads.work();
    assertThat(poller.statuses().get(0).use()).isEqualTo(0.25);
    assertThat(recorder.states).containsExactly("online");
  }

  @Test
  void ignoresAnEndThatIsToldTwiceEvenWhileTheNextReadGoesOn() {
    AsyncDevice device = new AsyncDevice();
    add(device, "d", recorder);
    Begun first = device.begun.get(0);
    device.answer(1);
    first.done.ended(DriverException.noAnswer("late", null));
    threads.work();
    assertThat(recorder.batches).hasSize(1);
    threads.advance(PERIOD);
    assertThat(device.begun).hasSize(2);
    // The first read's end, and what it still delivers, must not pass for the second's.
    first.sink.integer(0, 99);
    first.done.ended(null);
    threads.work();
    assertThat(recorder.batches).hasSize(1);
    device.begun.get(1).done.ended(null);
    threads.work();
    assertThat(recorder.last().samples().get(0).quality()).isEqualTo(Quality.BAD);
  }

  @Test
  void isAwayWhenTheReadFailsOrThrows() {
    AsyncDevice device = new AsyncDevice();
    add(device, "d", recorder);
    device.begun.get(0).done.ended(DriverException.noAnswer("no answer from h:502", null));
    threads.work();
    assertThat(recorder.states).containsExactly("away: no answer from h:502");
    device.onBegin =
        read -> {
          throw new IllegalStateException("bug");
        };
    threads.advance(PERIOD.multipliedBy(2));
    assertThat(recorder.states)
        .endsWith("away: the driver failed: java.lang.IllegalStateException: bug");
    device.onBegin = read -> device.answer(1);
    threads.advance(PERIOD.multipliedBy(2));
    assertThat(recorder.states).endsWith("online");
  }

  @Test
  void dropsTheResultOfADeviceThatWasRemovedMeanwhile() {
    AsyncDevice device = new AsyncDevice();
    Poller.Placement placement = add(device, "d", recorder);
    placement.remove();
    assertThat(poller.buses()).isEqualTo(1);
    device.answer(1);
    threads.work();
    assertThat(recorder.batches).isEmpty();
    assertThat(poller.buses()).isZero();
  }

  @Test
  void isReportedWhenItsEndIsNeverToldAndLetsTheBusGoWithItsDevice() {
    AsyncDevice device = new AsyncDevice();
    TimedDevice other = new TimedDevice("b", threads);
    Poller.Placement placement = add(device, "d", recorder);
    add(other, "e", new Recorder());
    assertThat(poller.overdue(Duration.ofHours(1))).isEmpty();
    await().until(() -> poller.overdue(Duration.ZERO).size() == 1);
    assertThat(poller.overdue(Duration.ZERO).get(0).name()).isEqualTo("d");
    threads.work();
    assertThat(other.reads).isEmpty();
    placement.remove();
    poller.overdue(Duration.ZERO);
    threads.work();
    assertThat(other.reads).hasSize(1);
    assertThat(poller.overdue(Duration.ZERO)).isEmpty();
    // Told at last, it changes nothing.
    device.answer(1);
    threads.work();
    assertThat(recorder.batches).isEmpty();
  }
}
