package io.snaprail.certificates.internal.rotation;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a certificate is to be rotated.
 *
 * @param before so long before its end; zero for at its end, when there is no period
 * @param every so long after its beginning; zero for not
 * @param jitter earlier by up to so long, each certificate by another part of it: gateways that
 *     were set up on one day do not all come on one day
 */
public record Due(Duration before, Duration every, Duration jitter) {
  private static final BigInteger PARTS = BigInteger.valueOf(10_000);

  /** A certificate in force. */
  public record Life(Instant from, Instant until, String fingerprint) {}

  /** When that is; the same for the same certificate. */
  public Instant at(Life life) {
    int part = new BigInteger(life.fingerprint(), 16).mod(PARTS).intValue();
    return latest(life).minus(jitter.multipliedBy(part).dividedBy(PARTS.intValue()));
  }

  private Instant latest(Life life) {
    Instant end = life.until().minus(before);
    Instant period = life.from().plus(every);
    if (every.isZero()) {
      return end;
    }
    return before.isZero() || period.isBefore(end) ? period : end;
  }

  /**
   * Why a certificate cannot be rotated so: a new one that lives as long would be due at once, and
   * the one after it too.
   */
  public Optional<String> tooOften(Life life) {
    Duration first = Duration.between(life.from(), latest(life).minus(jitter));
    return first.compareTo(Duration.ofHours(1)) < 0
        ? Optional.of(
            "its certificate lives %d days, and a new one would be due as soon as it is made. Expected days.before (found %d) and jitter.hours (found %d) to leave some of that life, and every.days (found %d) to be more than jitter.hours"
                .formatted(
                    Duration.between(life.from(), life.until()).toDays(),
                    before.toDays(),
                    jitter.toHours(),
                    every.toDays()))
        : Optional.empty();
  }
}
