package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BusMeterTest {
  private static final long BORN = -5_000_000_000L;

  private final BusMeter meter = new BusMeter(BORN);

  @Test
  void theSharesAreNumbersFromTheVeryBeginning() {
    assertThat(meter.use(BORN, 0)).isZero();
    assertThat(meter.use(BORN, 1)).isZero();
    assertThat(meter.probes(BORN)).isZero();
    assertThat(meter.use(BORN + 1, 1)).isEqualTo(1);
    assertThat(meter.lateP99Ms(BORN)).isNaN();
  }

  @Test
  void whatIsOverAndWhatStillRunsCountTogether() {
    long second = TimeUnit.SECONDS.toNanos(1);
    meter.read(BORN, BORN + second, true);

    assertThat(meter.use(BORN + 4 * second, second)).isEqualTo(0.5);
    assertThat(meter.probes(BORN + 4 * second)).isEqualTo(0.25);
  }
}
