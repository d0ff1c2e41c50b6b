package io.snaprail.api.certificate;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Small certificate authorities for commissioning and demo: never for the public. */
@ProviderType
public interface CertificateAuthorities {
  /**
   * Opens an authority, making its EC P-256 key and self-signed certificate at the first time.
   *
   * @param name 1..64 letters, digits, {@code _ - .}
   * @param subject RFC 4514, used when it is made
   */
  Authority open(String name, String subject) throws CertificateStoreException;

  /** An open authority. */
  @ProviderType
  interface Authority {
    /** Its certificate. */
    X509Certificate certificate();

    /**
     * Signs a request.
     *
     * @param csrPem PKCS#10 in PEM; its signature is checked
     * @param use what the certificate is for
     * @param alternativeNames put into the certificate in place of those requested; empty to keep
     *     none
     * @param notBefore start of validity
     * @param notAfter end of validity
     */
    X509Certificate issue(
        String csrPem, Use use, List<String> alternativeNames, Instant notBefore, Instant notAfter)
        throws CertificateStoreException;
  }

  /** Extended key usage of an issued certificate. */
  enum Use {
    /** TLS client. */
    CLIENT,
    /** TLS server. */
    SERVER
  }
}
