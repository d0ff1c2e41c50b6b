package io.snaprail.api.audit;

import java.util.Map;
import java.util.Objects;

/**
 * Something that someone changed, or tried to.
 *
 * @param action what, from the vocabulary of {@link Action}
 * @param actor who: an account, a token's name, a connector, {@code system}
 * @param origin from where: an address, {@code file}, a connector
 * @param subject on what: a PID, a point, an account, a bundle
 * @param outcome {@code ok}, {@code refused}, {@code failed}, {@code attempt}
 * @param details anything else; never a secret, never the value of a configuration property
 */
public record AuditEvent(
    Action action,
    String actor,
    String origin,
    String subject,
    String outcome,
    Map<String, String> details) {

  /** Copies the details. */
  public AuditEvent {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(outcome, "outcome");
    details = Map.copyOf(details);
  }

  /** What is audited. */
  public enum Action {
    /** Someone logged in or failed to. */
    LOGIN,
    /** Someone logged out. */
    LOGOUT,
    /** An account was made, changed or removed. */
    ACCOUNT,
    /** An access token was made or removed. */
    TOKEN,
    /** A configuration was changed; details hold the names of the properties. */
    CONFIGURATION,
    /** A bundle was installed, updated, removed, started, stopped or refused. */
    BUNDLE,
    /** A key was made, or a certificate imported, activated or removed. */
    CERTIFICATE,
    /** A point was written. */
    WRITE,
    /** A job from the cloud was carried out or refused. */
    JOB,
    /** Settings of a device were tried, or a tool of a driver was run. */
    TOOL,
    /** A state-changing request to the console that is none of the above. */
    CONSOLE,
    /** The system clock jumped. */
    CLOCK
  }
}
