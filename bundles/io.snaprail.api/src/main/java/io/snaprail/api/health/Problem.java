package io.snaprail.api.health;

import java.util.Objects;

/**
 * Something a person should know and can do something about.
 *
 * @param severity how urgent
 * @param subject what it is about: a device, a file, an uplink
 * @param message one message: file, line, key, expected, found, what to do, as far as they apply
 */
public record Problem(Severity severity, String subject, String message) {

  /** Checks that nothing is missing. */
  public Problem {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(message, "message");
  }

  /** How urgent a problem is. */
  public enum Severity {
    /** Works, but will not for ever or not as well as it could. */
    WARNING,
    /** Something that was asked for does not work. */
    ERROR
  }
}
