package io.snaprail.localiot.internal.registry;

import java.time.Instant;

/**
 * An authority of somebody else whose certificates are accepted once they are registered.
 *
 * @param id SHA-256 of its certificate in hex
 * @param pem its certificate
 * @param active whether certificates of it may be registered
 * @param autoRegistration whether its certificates are registered when they connect first
 * @param registered when it was registered
 */
public record ClientAuthority(
    String id, String pem, boolean active, boolean autoRegistration, Instant registered) {

  ClientAuthority withActive(boolean changed) {
    return new ClientAuthority(id, pem, changed, autoRegistration, registered);
  }

  ClientAuthority withAutoRegistration(boolean changed) {
    return new ClientAuthority(id, pem, active, changed, registered);
  }
}
