package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatenessesTest {
  private final Latenesses latenesses = new Latenesses();

  private void add(int count, long millis, long second) {
    for (int i = 0; i < count; i++) {
      latenesses.add(TimeUnit.MILLISECONDS.toNanos(millis), second);
    }
  }

  @Test
  void givesAQuantileThatIsNeverTooLowAndAFifthTooHighAtMost() {
    add(99, 10, 0);
    add(1, 1_000, 0);
    assertThat(latenesses.quantileMs(0.99, 0)).isBetween(10.0, 12.0);
    add(1, 1_000, 0);
    assertThat(latenesses.quantileMs(0.99, 0)).isBetween(1_000.0, 1_200.0);
  }

  @Test
  void forgetsAfterAMinute() {
    assertThat(latenesses.quantileMs(0.99, 0)).isNaN();
    add(10, 1_000, 5);
    add(10, 1, 40);
    assertThat(latenesses.quantileMs(0.99, 59)).isGreaterThan(900);
    assertThat(latenesses.quantileMs(0.99, 60)).isLessThan(2);
    assertThat(latenesses.quantileMs(0.99, 1_000)).isNaN();
  }
}
