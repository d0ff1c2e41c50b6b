package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import io.snaprail.certificates.internal.rotation.RotationRecord;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.store.StoreNames;
import io.snaprail.certificates.internal.x509.Certificates;
import java.util.List;
import java.util.Optional;

/** Whether a rotation may begin. */
final class Beginning {
  private final RotationKeys keys;
  private final Issuers issuers;

  Beginning(RotationKeys keys, Issuers issuers) {
    this.keys = keys;
    this.issuers = issuers;
  }

  /** Refuses to join a rotation that somebody else wanted. */
  static void requireSame(RotationState running, String issuer, String reason)
      throws CertificateStoreException {
    if (!running.issuer().equals(issuer) || !running.reason().equals(reason)) {
      throw new CertificateStoreException(
          "Identity '%s' is being rotated already (%s, by %s, since %s). Wait for its end, or put what is on trial into force or discard it."
              .formatted(
                  running.identity(),
                  running.reason(),
                  running.issuer(),
                  Certificates.date(running.since())));
    }
  }

  /** What a rotation begins with. */
  RotationRecord checked(
      String identity, String issuer, String reason, Optional<RotationRecord> before)
      throws CertificateStoreException {
    StoreNames.require("Identity", identity);
    String old = Certificates.fingerprint(keys.active(identity));
    if (keys.certificate(identity, Generation.TRIAL).isPresent()) {
      throw new CertificateStoreException(
          "Identity '%s' has a certificate on trial: put it into force or discard it first"
              .formatted(identity));
    }
    if (keys.certificate(identity, Generation.PENDING).isPresent()) {
      throw new CertificateStoreException(
          "Identity '%s' has a signing request that waits for its certificate, and a rotation would replace its key: import that certificate, or discard the request first"
              .formatted(identity));
    }
    if (issuers.find(issuer).isEmpty()) {
      throw new CertificateStoreException(
          "There is no issuer named '%s'. Present: %s. Or name an authority of this gateway: authority:NAME."
              .formatted(
                  issuer, issuers.names().isEmpty() ? "none" : String.join(", ", issuers.names())));
    }
    RotationState state =
        new RotationState(
            identity, issuer, reason, Phase.SIGNING, keys.clock().instant(), old, "", "");
    List<String> retire = before.map(RotationRecord::retire).orElse(List.of());
    int failures = before.map(RotationRecord::failures).orElse(0);
    return new RotationRecord(state, keys.triable(identity), "", retire, failures);
  }
}
