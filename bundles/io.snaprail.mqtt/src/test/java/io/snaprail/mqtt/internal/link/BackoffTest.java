package io.snaprail.mqtt.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.mqtt.internal.link.Fault.Kind;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  /** Always the longest, or the shortest, that is allowed. */
  private static RandomGenerator extreme(boolean longest) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only bounded numbers are asked for");
      }

      @Override
      public long nextLong(long origin, long bound) {
        return longest ? bound - 1 : origin;
      }
    };
  }

  private static List<Long> pauses(boolean longest, Kind kind, int count) {
    Backoff backoff = new Backoff(extreme(longest));
    return IntStream.range(0, count).mapToObj(i -> backoff.next(kind).toMillis()).toList();
  }

  @Test
  void firstRetryIsQuickAndTheBoundDoublesToTwoMinutes() {
    assertThat(pauses(true, Kind.NETWORK, 9))
        .containsExactly(1000L, 2000L, 4000L, 8000L, 16000L, 32000L, 64000L, 120000L, 120000L);
    assertThat(pauses(false, Kind.NETWORK, 3)).containsExactly(100L, 1000L, 1000L);
  }

  @Test
  void whatOnlyPeopleCanMendIsTriedSlowly() {
    assertThat(pauses(false, Kind.TLS, 3)).containsExactly(10000L, 10000L, 10000L);
    assertThat(pauses(true, Kind.TLS, 4)).containsExactly(20000L, 40000L, 80000L, 120000L);
  }

  @Test
  void brokerThatIsNotYetThereIsKnockedAtForATimeOnly() {
    List<Long> pauses = pauses(true, Kind.REFUSED, 20);
    assertThat(pauses.subList(0, 8)).containsOnly(600L);
    assertThat(pauses.subList(8, 18)).containsOnly(3000L);
    assertThat(pauses.subList(18, 20)).containsExactly(1000L, 2000L);
  }

  @Test
  void brokerThatWasAwayForTwelveSecondsIsFoundWithinThree() {
    for (int seed = 0; seed < 100; seed++) {
      Backoff backoff = new Backoff(new SplittableRandom(seed));
      long at = backoff.next(Kind.NETWORK).toMillis();
      while (at < 12_000) {
        at += backoff.next(Kind.REFUSED).toMillis();
      }
      assertThat(at).as("seed " + seed).isLessThanOrEqualTo(15_000);
    }
  }

  @Test
  void resetStartsFromTheQuickRetryAgain() {
    Backoff backoff = new Backoff(extreme(true));
    IntStream.range(0, 40).forEach(i -> backoff.next(Kind.NETWORK));
    assertThat(backoff.next(Kind.NETWORK).toSeconds()).isEqualTo(120);
    backoff.reset();
    assertThat(backoff.next(Kind.NETWORK).toMillis()).isEqualTo(1000);
  }

  @Test
  void gatewaysThatLostTheSameBrokerDoNotComeBackInStep() {
    long distinct =
        IntStream.range(0, 100)
            .mapToObj(
                i -> {
                  Backoff backoff = new Backoff(new SplittableRandom(i));
                  backoff.next(Kind.NETWORK);
                  backoff.next(Kind.NETWORK);
                  return backoff.next(Kind.NETWORK).toMillis() / 100;
                })
            .distinct()
            .count();
    assertThat(distinct).isGreaterThan(15);
  }
}
