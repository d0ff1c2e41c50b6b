package io.snaprail.driver.modbus.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a request and a register cost is learned from the answers. */
class RoundTripsTest {
  private final RoundTrips trips = new RoundTrips();
  private final Random random = new Random(502);

  private void answers(int count, Duration request, double nanosPerByte, Duration jitter) {
    for (int i = 0; i < count; i++) {
      int bytes = 2 + 2 * (1 + random.nextInt(60));
      long noise = (long) (random.nextDouble() * jitter.toNanos());
      trips.answered(bytes, request.toNanos() + (long) (nanosPerByte * bytes) + noise);
    }
  }

  @Test
  void nothingIsKnownBeforeSomeAnswers() {
    answers(15, Duration.ofMillis(1), 1, Duration.ZERO);
    assertThat(trips.cost()).isEqualTo(LineCost.UNKNOWN);
    assertThat(trips.cost().gap(124, 32)).isEqualTo(32);
    answers(1, Duration.ofMillis(1), 1, Duration.ZERO);
    assertThat(trips.cost()).isNotEqualTo(LineCost.UNKNOWN);
  }

  /** A round trip of 1 ms, bytes at 100 Mbit/s: nothing but the longest read bounds merging. */
  @Test
  void onALanTheLongestReadBoundsMerging() {
    answers(500, Duration.ofMillis(1), 80, Duration.ofMillis(1));
    assertThat(trips.cost().gap(124, 0)).isEqualTo(124);
  }

  /** 50 us, and one answer in fifty 3 ms late, a long one: as on the gateway's own machine. */
  @Test
  void jitterIsNotTakenForTheCostOfARegister() {
    for (int i = 0; i < 10; i++) {
      answers(49, Duration.ofNanos(50_000), 8, Duration.ofNanos(20_000));
      trips.answered(252, Duration.ofMillis(3).toNanos());
      assertThat(trips.cost().gap(124, 0)).as("after %d", i).isGreaterThan(50);
    }
  }

  /** 921,600 baud and 10 bits a character behind a gateway: 10.9 us a byte, 0.4 ms the rest. */
  @Test
  void theFastestSerialLineBehindAGatewayIsRecognised() {
    answers(500, Duration.ofNanos(400_000), 10_850, Duration.ofNanos(20_000));
    assertThat(trips.cost().gap(124, 0)).isBetween(14, 24);
  }

  /** 80 ms and more, bytes at 1 Mbit/s. */
  @Test
  void onACellularModemToo() {
    answers(500, Duration.ofMillis(80), 8_000, Duration.ofMillis(60));
    assertThat(trips.cost().gap(124, 0)).isEqualTo(124);
  }

  /** 9600 baud, 11 bits a character: 1.146 ms a byte, 30 ms for the rest: about 13 registers. */
  @Test
  void behindAGatewayToASerialLineTheGapIsThatOfTheLine() {
    answers(500, Duration.ofMillis(30), 1_146_000, Duration.ofMillis(2));
    assertThat(trips.cost().gap(124, 0)).isBetween(11, 16);
  }

  @Test
  void answersOfOneLengthTellNothingOfTheSlope() {
    for (int i = 0; i < 500; i++) {
      trips.answered(22, Duration.ofMillis(30).toNanos() + random.nextInt(1_000_000));
    }
    assertThat(trips.cost().gap(124, 0)).isEqualTo(124);
  }

  @Test
  void whatHasChangedIsLearned() {
    answers(500, Duration.ofMillis(1), 80, Duration.ofMillis(1));
    answers(500, Duration.ofMillis(30), 1_146_000, Duration.ofMillis(2));
    assertThat(trips.cost().gap(124, 0)).isBetween(11, 16);
  }
}
