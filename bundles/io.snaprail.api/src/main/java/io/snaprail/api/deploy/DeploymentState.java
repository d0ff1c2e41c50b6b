package io.snaprail.api.deploy;

import java.time.Instant;
import java.util.Objects;

/**
 * How far an order is, or how it has ended.
 *
 * @param id of the order
 * @param action of the order
 * @param symbolicName of the bundle; empty until it is known
 * @param version of the bundle; empty until it is known
 * @param phase how far it is
 * @param message for people: what is done now, or why it was refused or has failed
 * @param at when it came to this phase, by the gateway's clock
 */
public record DeploymentState(
    String id,
    DeploymentOrder.Action action,
    String symbolicName,
    String version,
    Phase phase,
    String message,
    Instant at) {

  /** Checks that nothing is missing. */
  public DeploymentState {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(symbolicName, "symbolicName");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(at, "at");
  }

  /** How far an order is. */
  public enum Phase {
    /** Others are before it. */
    WAITING,
    /** The bundle is fetched. */
    FETCHING,
    /** Archive, signature, name, version and imports are checked; nothing has been touched. */
    CHECKING,
    /** The bundle runs, and is watched. */
    TRIAL,
    /** Done, and kept. */
    DONE,
    /** Not allowed here; nothing was touched. */
    REFUSED,
    /** It did not work; what was there before is in force. */
    FAILED
  }

  /** Whether it has come to its end. */
  public boolean ended() {
    return phase.compareTo(Phase.DONE) >= 0;
  }
}
