package io.snaprail.api.deploy;

import java.time.Instant;
import java.util.Objects;

/**
 * A bundle that was deployed.
 *
 * @param symbolicName its name
 * @param version in force
 * @param sha256 of its jar
 * @param signer subject of the certificate that signed it; empty when it is not signed
 * @param deployedAt when it came into force
 * @param previous version that a roll back goes to; empty when there is none
 * @param state such as {@code ACTIVE}; empty when it is not in the framework
 */
public record DeployedBundle(
    String symbolicName,
    String version,
    String sha256,
    String signer,
    Instant deployedAt,
    String previous,
    String state) {
  /** Checks that nothing is missing. */
  public DeployedBundle {
    Objects.requireNonNull(symbolicName, "symbolicName");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(sha256, "sha256");
    Objects.requireNonNull(signer, "signer");
    Objects.requireNonNull(deployedAt, "deployedAt");
    Objects.requireNonNull(previous, "previous");
    Objects.requireNonNull(state, "state");
  }
}
