package io.snaprail.api.certificate;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Has signing requests signed: a cloud's registry, a company's authority, the gateway's own.
 * Register it as a service with the property {@link #NAME}. {@link CertificateRotations} asks it;
 * it may be asked for several identities at once. No call may block: what takes time goes on
 * elsewhere, and its outcome comes by the stage. Failures complete the stage with a {@link
 * CertificateStoreException} whose message is shown to people as it is.
 */
@ConsumerType
public interface CertificateIssuer {
  /**
   * Service property, a String of 1..64 letters, digits, {@code _ - .}: the name under which
   * rotations name it. An issuer without is left out.
   */
  String NAME = "snaprail.issuer";

  /**
   * Has a request signed. A rotation that a restart has cut asks again with the same request, so an
   * issuer may be asked twice for one.
   *
   * @return the certificate in PEM, with its chain if it has one. Whoever asks waits no longer than
   *     {@link SigningOrder#timeout} and ignores what comes later
   */
  CompletionStage<String> issue(SigningOrder order);

  /**
   * A certificate is not shown any more and never will be by a rotation: the old one once the new
   * one is in force, or a new one that nobody accepted. Deactivate, revoke or delete it if it is
   * yours; one that is not known is none of yours. Asked again later, also after a restart, until
   * the stage completes without a failure.
   *
   * @param identity whose certificate it was
   * @param fingerprint SHA-256 of the certificate in hex, 64 characters (AWS IoT's certificate id)
   */
  CompletionStage<Void> retired(String identity, String fingerprint);
}
