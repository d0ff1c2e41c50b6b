package io.snaprail.certificates;

import java.time.Duration;

/**
 * How long a rotation waits for others.
 *
 * @param answer for an issuer, to sign
 * @param coming for an issuer, to be there
 * @param pause until something is looked at again that cannot go on now
 */
record Patience(Duration answer, Duration coming, Duration pause) {
  /** In a cloud a person may have to look at nothing; a connection may have to be made. */
  static final Patience USUAL =
      new Patience(Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofSeconds(5));
}
