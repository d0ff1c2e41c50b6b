package io.snaprail.certificates.internal.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DueTest {
  private static final Instant FROM = Instant.parse("2027-01-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private static Due.Life life(int days, String fingerprint) {
    return new Due.Life(FROM, FROM.plus(Duration.ofDays(days)), fingerprint);
  }

  private static Due due(int before, int every, int jitterHours) {
    return new Due(Duration.ofDays(before), Duration.ofDays(every), Duration.ofHours(jitterHours));
  }

  @Test
  void isSoLongBeforeTheEndOrAfterTheBeginningWhicheverIsFirst() {
    assertThat(due(30, 0, 0).at(life(90, "0"))).isEqualTo(FROM.plus(DAY.multipliedBy(60)));
    assertThat(due(30, 20, 0).at(life(90, "0"))).isEqualTo(FROM.plus(DAY.multipliedBy(20)));
    assertThat(due(30, 80, 0).at(life(90, "0"))).isEqualTo(FROM.plus(DAY.multipliedBy(60)));
    assertThat(due(0, 80, 0).at(life(90, "0"))).isEqualTo(FROM.plus(DAY.multipliedBy(80)));
    assertThat(due(0, 0, 0).at(life(90, "0"))).isEqualTo(FROM.plus(DAY.multipliedBy(90)));
  }

  /** 1,000 gateways of one day: each at its own time, and the same one when asked again. */
  @Test
  void jitterSpreadsCertificatesOverItsWholeLength() {
    Random random = new Random(7);
    Due due = due(30, 0, 24);
    List<Long> minutes =
        IntStream.range(0, 1000)
            .mapToObj(i -> life(90, "%016x".formatted(random.nextLong()) + "00"))
            .map(
                life -> {
                  assertThat(due.at(life)).isEqualTo(due.at(life));
                  return Duration.between(due.at(life), FROM.plus(DAY.multipliedBy(60)))
                      .toMinutes();
                })
            .toList();

    assertThat(minutes).allMatch(m -> m >= 0 && m < 24 * 60);
    for (int hour = 0; hour < 24; hour++) {
      int of = hour;
      assertThat(minutes.stream().filter(m -> m / 60 == of)).hasSizeBetween(20, 70);
    }
  }

  /** What is due as soon as it is made would be rotated for ever. */
  @Test
  void whatWouldNeverRestIsFound() {
    assertThat(due(30, 0, 24).tooOften(life(90, "0"))).isEmpty();
    assertThat(due(30, 0, 24).tooOften(life(31, "0"))).isPresent();
    assertThat(due(30, 0, 0).tooOften(life(30, "0")).orElseThrow())
        .contains("lives 30 days", "days.before (found 30)");
    assertThat(due(0, 1, 24).tooOften(life(90, "0"))).isPresent();
    assertThat(due(0, 1, 12).tooOften(life(90, "0"))).isEmpty();
  }
}
