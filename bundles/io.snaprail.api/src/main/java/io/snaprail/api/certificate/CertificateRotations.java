package io.snaprail.api.certificate;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces keys and certificates that are in use without a visit: a new key where the old one is
 * (in a file or in its hardware token), a request with the old subject and alternative names, an
 * issuer that signs, a trial, and back to the old one when the trial fails ({@link
 * CertificateStore}). Started by hand, by the schedule in configurations {@code
 * io.snaprail.certificates.rotation~NAME}, or by whoever calls {@link #rotate}. A rotation that a
 * restart has cut goes on after it. Safe for any thread; no call waits.
 */
@ProviderType
public interface CertificateRotations {
  /** Begins the names of issuers that are the gateway's own authorities. */
  String AUTHORITY = "authority:";

  /**
   * Begins a rotation; or joins the one that runs, when issuer and reason are the same.
   *
   * @param identity must be in force
   * @param issuer name of a {@link CertificateIssuer}, or {@code authority:NAME} for an authority
   *     of {@link CertificateAuthorities}; empty for the one that the identity's schedule names
   * @param reason who or what wants it, such as {@code by hand} or {@code job 42}; 1..200
   *     characters
   * @return how it ended: completes when the new certificate is in force; with a {@link
   *     CertificateStoreException} when it cannot begin, or the old one stays. A trial ends when
   *     somebody connects or by hand, so this may take as long as no connection comes about. Lost
   *     at a restart: look at {@link #rotations} then
   */
  CompletionStage<RotationState> rotate(String identity, String issuer, String reason);

  /** The rotation that runs or ran last, of each identity that has had one; sorted by identity. */
  List<RotationState> rotations();

  /** Names of the issuers that are there now, sorted; {@code authority:} not among them. */
  Set<String> issuers();
}
