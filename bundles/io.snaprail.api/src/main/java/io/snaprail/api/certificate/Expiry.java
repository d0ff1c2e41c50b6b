package io.snaprail.api.certificate;

import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate ends.
 *
 * @param kind what it is for
 * @param name of its identity or set of roots
 * @param subject RFC 4514
 * @param fingerprint SHA-256 of it in hex, 64 characters
 * @param notBefore start of its validity
 * @param notAfter end of its validity
 */
public record Expiry(
    Kind kind,
    String name,
    String subject,
    String fingerprint,
    Instant notBefore,
    Instant notAfter) {

  /** How near the end is, or what else is wrong, at a time. */
  public Level level(Instant now) {
    if (now.isAfter(notAfter)) {
      return Level.EXPIRED;
    }
    if (now.isBefore(notBefore)) {
      return Level.NOT_YET_VALID;
    }
    Duration left = Duration.between(now, notAfter);
    for (Level level : new Level[] {Level.URGENT, Level.WARN, Level.PLAN}) {
      if (left.compareTo(Duration.ofDays(level.days)) <= 0) {
        return level;
      }
    }
    return Level.FINE;
  }

  /** What a certificate is for. */
  public enum Kind {
    /** Of the gateway's own key. */
    IDENTITY,
    /** Between an identity's certificate and its root. */
    CHAIN,
    /** A trusted root. */
    ROOT
  }

  /** How near the end is. */
  public enum Level {
    /** More than 60 days are left. */
    FINE(Integer.MAX_VALUE),
    /** 60 days or fewer are left. */
    PLAN(60),
    /** 30 days or fewer are left. */
    WARN(30),
    /** 7 days or fewer are left. */
    URGENT(7),
    /** It has ended. */
    EXPIRED(0),
    /** It has not begun, or the clock is wrong. */
    NOT_YET_VALID(0);

    private final int days;

    Level(int days) {
      this.days = days;
    }

    /** Days that are left at most. */
    public int days() {
      return days;
    }
  }
}
