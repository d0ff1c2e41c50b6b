package io.snaprail.localiot.internal.setup;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.localiot.internal.registry.CertificateSigner;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The authority that signs for devices. It has the name that AWS IoT Core's has, which some devices
 * look for; nobody trusts it but this endpoint, which knows each of its certificates.
 */
public final class DeviceSigner implements CertificateSigner {
  private static final String AUTHORITY = "localiot-devices";

  /** One attribute only, with blanks between what looks like others. */
  private static final String SUBJECT =
      "OU=Amazon Web Services O\\=Amazon.com Inc. L\\=Seattle ST\\=Washington C\\=US";

  private final CertificateAuthorities authorities;

  /** Opens nothing yet. */
  public DeviceSigner(CertificateAuthorities authorities) {
    this.authorities = authorities;
  }

  @Override
  public X509Certificate certificate() throws CertificateStoreException {
    return authorities.open(AUTHORITY, SUBJECT).certificate();
  }

  @Override
  public X509Certificate sign(String csrPem, Instant notBefore, Instant notAfter)
      throws CertificateStoreException {
    return authorities
        .open(AUTHORITY, SUBJECT)
        .issue(csrPem, CertificateAuthorities.Use.CLIENT, List.of(), notBefore, notAfter);
  }
}
