package io.snaprail.mqtt.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private final AtomicLong now = new AtomicLong();
  private final InFlight inFlight = new InFlight(now::get);

  private void pass(int seconds) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void silenceWithNothingInFlightIsNoStall() {
    pass(100);
    assertThat(inFlight.stalled()).isFalse();
  }

  @Test
  void silenceOfMoreThanEightSecondsWithMessagesInFlightIsAStall() {
    pass(100);
    inFlight.sent();
    pass(8);
    assertThat(inFlight.stalled()).isFalse();
    pass(1);
    assertThat(inFlight.stalled()).isTrue();
  }

  @Test
  void slowBrokerThatStillAnswersIsNotStalled() {
    for (int i = 0; i < 10; i++) {
      inFlight.sent();
    }
    for (int i = 0; i < 9; i++) {
      pass(7);
      inFlight.answered();
      assertThat(inFlight.stalled()).isFalse();
    }
    assertThat(inFlight.outstanding()).isEqualTo(1);
  }

  @Test
  void whatIsWithdrawnIsNotWaitedFor() {
    inFlight.sent();
    inFlight.withdrawn();
    pass(100);
    assertThat(inFlight.stalled()).isFalse();
    assertThat(inFlight.everAnswered()).isFalse();
  }
}
