package io.snaprail.driver.modbus.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class LatencyWatchTest {
  private static final long MS = 1_000_000;
  private static final long STEP = LatencyWatch.STEP_NANOS;

  private final LatencyWatch watch = new LatencyWatch();
  private long now = 123_456_789;

  /**
   * Exchanges, each begun as soon as the last has ended.
   *
   * @param arrival when an answer is delivered that was complete at a time
   */
  private void exchanges(int count, long turnaround, LongUnaryOperator arrival) {
    for (int i = 0; i < count; i++) {
      now += 2 * MS + watch.pauseNanos();
      long possible = now;
      now = arrival.applyAsLong(now + turnaround);
      watch.answered(now - possible, now, now);
    }
  }

  private static long nextStep(long time) {
    return (time + STEP - 1) / STEP * STEP;
  }

  @Test
  void answersInStepsOf16MsComeThroughASlowAdapter() {
    exchanges(100, MS / 2, LatencyWatchTest::nextStep);
    assertThat(watch.news()).isTrue();
    assertThat(watch.keepsBack()).isTrue();
    assertThat(watch.news()).as("told once").isFalse();
  }

  /** Also of one that takes 14 ms, which with 2 ms of silence looks the same at first. */
  @Test
  void noUnitIsTakenForAnAdapterHoweverSlow() {
    for (long turnaround = 0; turnaround <= 40 * MS; turnaround += MS / 2) {
      watch.restart();
      exchanges(600, turnaround, time -> time);
      assertThat(watch.keepsBack()).as("%d us", turnaround / 1000).isFalse();
    }
  }

  @Test
  void anAdapterOfOneMillisecondIsNone() {
    exchanges(600, 3 * MS, time -> (time + MS - 1) / MS * MS);
    assertThat(watch.keepsBack()).isFalse();
  }

  @Test
  void itIsNoticedWhenTheAdviceIsHeeded() {
    exchanges(100, MS / 2, LatencyWatchTest::nextStep);
    assertThat(watch.news()).isTrue();
    exchanges(40, MS / 2, time -> time);
    assertThat(watch.news()).isTrue();
    assertThat(watch.keepsBack()).isFalse();
  }

  @Test
  void fastAnswersAreNeverHeldUpToFindOut() {
    exchanges(500, MS, time -> time);
    assertThat(watch.pauseNanos()).isZero();
    assertThat(watch.news()).isFalse();
  }
}
