package io.snaprail.certificates.internal.rotation;

import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A rotation as it is kept.
 *
 * @param state what people see of it
 * @param trial whether the new certificate is to be tried out
 * @param csr request for the new key, in PEM; empty until the key is kept
 * @param retire fingerprints of certificates that the issuer has still to be told about
 * @param failures how many rotations have failed in a row
 */
public record RotationRecord(
    RotationState state, boolean trial, String csr, List<String> retire, int failures) {
  /** Copies the list. */
  public RotationRecord {
    retire = List.copyOf(retire);
  }

  /** Its identity. */
  public String identity() {
    return state.identity();
  }

  /** The key is kept, and its request known. */
  public RotationRecord asking(String request) {
    return new RotationRecord(state, trial, request, retire, failures);
  }

  /** There is a new certificate, and it is tried out. */
  public RotationRecord trying(String fingerprint, Instant now) {
    return new RotationRecord(
        state(Phase.TRIAL, fingerprint, "waits for a connection with it that is accepted", now),
        trial,
        csr,
        retire,
        failures);
  }

  /** The new certificate is in force; the old one is to be retired. */
  public RotationRecord done(String fingerprint, Instant now) {
    return new RotationRecord(
        state(Phase.DONE, fingerprint, "", now), trial, "", retired(state.oldFingerprint()), 0);
  }

  /** The old certificate stays in force; what there is of the new one is to be retired. */
  public RotationRecord failed(String why, Instant now) {
    return new RotationRecord(
        state(Phase.FAILED, state.newFingerprint(), why, now),
        trial,
        "",
        retired(state.newFingerprint()),
        failures + 1);
  }

  /** The issuer knows that a certificate is not in use any more. */
  public RotationRecord told(String fingerprint) {
    return new RotationRecord(
        state, trial, csr, retire.stream().filter(f -> !f.equals(fingerprint)).toList(), failures);
  }

  /** With other certificates that the issuer has still to be told about. */
  public RotationRecord retiring(List<String> fingerprints) {
    return new RotationRecord(state, trial, csr, fingerprints, failures);
  }

  private List<String> retired(String fingerprint) {
    return fingerprint.isEmpty()
        ? retire
        : Stream.concat(retire.stream(), Stream.of(fingerprint)).distinct().toList();
  }

  private RotationState state(Phase phase, String fingerprint, String message, Instant now) {
    return new RotationState(
        state.identity(),
        state.issuer(),
        state.reason(),
        phase,
        now,
        state.oldFingerprint(),
        fingerprint,
        message);
  }
}
