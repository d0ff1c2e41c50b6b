package io.snaprail.localiot.internal.registry;

import io.snaprail.api.certificate.CertificateStoreException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** The authority that signs certificates for devices. Safe for any thread; takes up to seconds. */
public interface CertificateSigner {
  /** Its certificate. */
  X509Certificate certificate() throws CertificateStoreException;

  /**
   * Signs a request for a TLS client, with the subject that it asks for.
   *
   * @param csrPem PKCS#10 in PEM
   * @throws CertificateStoreException when the request cannot be taken; the message says why
   */
  X509Certificate sign(String csrPem, Instant notBefore, Instant notAfter)
      throws CertificateStoreException;
}
