package io.snaprail.security.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptLimiterTest {
  private final ManualNanos time = new ManualNanos();
  private final AttemptLimiter limiter = new AttemptLimiter(time);

  private Duration delayAfter(int failures) {
    for (int i = 0; i < failures; i++) {
      while (limiter.begin("anna", "10.0.0.1").refused()) {
        time.advance(Duration.ofSeconds(1));
      }
    }
    return limiter.begin("anna", "10.0.0.1").delay();
  }

  // facts/security.md: from the 5th failure 1 s, doubling to 15 min.
  @Test
  void fourFailuresCostNothingTheFifthASecond() {
    for (int i = 0; i < 5; i++) {
      assertThat(limiter.begin("anna", "10.0.0.1").refused()).isFalse();
    }
    assertThat(limiter.begin("anna", "10.0.0.1").delay()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void doublesUpToFifteenMinutes() {
    List<Long> delays = new ArrayList<>();
    delays.add(delayAfter(5).toSeconds());
    for (int i = 0; i < 12; i++) {
      delays.add(delayAfter(1).toSeconds());
    }
    assertThat(delays)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 900L, 900L, 900L);
  }

  // facts/security.md: at most 40 guesses an hour.
  @Test
  void allowsFewerThanFortyGuessesAnHour() {
    int guesses = 0;
    for (int second = 0; second < 3600; second++) {
      if (!limiter.begin("anna", "10.0.0.1").refused()) {
        guesses++;
      }
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(guesses).isBetween(10, 40);
  }

  @Test
  void slowsDownAnAccountThatIsTriedFromManySources() {
    for (int i = 0; i < 5; i++) {
      limiter.begin("anna", "10.0.0." + i);
    }
    assertThat(limiter.begin("anna", "10.0.0.99").refused()).isTrue();
    assertThat(limiter.begin("bert", "10.0.0.99").refused()).isFalse();
  }

  @Test
  void slowsDownASourceThatTriesManyAccounts() {
    for (int i = 0; i < 5; i++) {
      limiter.begin("account" + i, "10.0.0.1");
    }
    assertThat(limiter.begin("another", "10.0.0.1").refused()).isTrue();
  }

  @Test
  void forgetsFailuresAfterSuccess() {
    for (int i = 0; i < 4; i++) {
      limiter.begin("anna", "10.0.0.1");
    }
    limiter.begin("anna", "10.0.0.1");
    limiter.succeeded("anna", "10.0.0.1");
    assertThat(limiter.begin("anna", "10.0.0.1").refused()).isFalse();
  }

  @Test
  void forgetsFailuresAfterADay() {
    delayAfter(8);
    time.advance(Duration.ofHours(25));
    for (int i = 0; i < 4; i++) {
      assertThat(limiter.begin("anna", "10.0.0.1").refused()).isFalse();
    }
  }

  @Test
  void countsWhatItTurnedAwayUnseen() {
    for (int i = 0; i < 5; i++) {
      limiter.begin("anna", "10.0.0.1");
    }
    assertThat(limiter.begin("anna", "10.0.0.1").unseen()).isZero();
    assertThat(limiter.begin("anna", "10.0.0.1").unseen()).isEqualTo(1);
    time.advance(Duration.ofSeconds(2));
    assertThat(limiter.begin("anna", "10.0.0.1").unseen()).isEqualTo(2);
  }

  @Test
  void doesNotGrowWithoutBounds() {
    for (int i = 0; i < 3000; i++) {
      limiter.begin("account" + i, "source" + i);
    }
    assertThat(limiter.size()).isEqualTo(2 * 1024);
  }

  @Test
  void aSourceThatMustWaitCannotPushOutAnAccountByNamingOthers() {
    for (int i = 0; i < 5; i++) {
      limiter.begin("anna", "10.0.0." + i);
    }
    for (int i = 0; i < 3000; i++) {
      limiter.begin("account" + i, "10.0.0.66");
    }
    assertThat(limiter.begin("anna", "10.0.0.99").refused()).isTrue();
  }

  @Test
  void manySourcesCannotPushOutAnAccountThatFailedMoreOftenThanTheirs() {
    for (int i = 0; i < 5; i++) {
      limiter.begin("anna", "10.0.0." + i);
    }
    for (int i = 0; i < 3000; i++) {
      limiter.begin("account" + i, "source" + i);
    }
    assertThat(limiter.begin("anna", "10.0.0.99").refused()).isTrue();
  }
}
