package io.snaprail.api.certificate;

import java.time.Instant;

/**
 * Where a rotation is, or how it ended; kept across restarts.
 *
 * @param identity whose
 * @param issuer who signs
 * @param reason who or what wanted it, as given to {@link CertificateRotations#rotate}
 * @param phase how far it is
 * @param since when the phase began
 * @param oldFingerprint SHA-256 of the certificate that is or was to be replaced, in hex
 * @param newFingerprint SHA-256 of the new certificate in hex; empty before there is one
 * @param message for people: what is waited for, or why it failed
 */
public record RotationState(
    String identity,
    String issuer,
    String reason,
    Phase phase,
    Instant since,
    String oldFingerprint,
    String newFingerprint,
    String message) {

  /** Whether it goes on. */
  public boolean running() {
    return phase == Phase.SIGNING || phase == Phase.TRIAL;
  }

  /** Steps of a rotation. */
  public enum Phase {
    /** The new key is made, and the issuer asked. */
    SIGNING,
    /** The new certificate is on trial; the old one is in reserve. */
    TRIAL,
    /** The new certificate is in force. */
    DONE,
    /** The old certificate is in force. */
    FAILED
  }
}
