package io.snaprail.localiot.internal.registry;

import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.testing.TestPki;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A registry whose authority is openssl's, and a clock to move. */
final class RegistryFixture implements CertificateSigner {
  final TestPki pki;
  final Registry registry;

  /** A little late, as what openssl signs is valid from the second it does. */
  final AtomicReference<Instant> now = new AtomicReference<>(Instant.now().plusSeconds(60));

  final AtomicReference<Instant> askedNotBefore = new AtomicReference<>();
  final AtomicReference<Instant> askedNotAfter = new AtomicReference<>();
  private final Authority authority;

  RegistryFixture(Path folder, boolean strict) throws Exception {
    pki = new TestPki(folder.resolve("pki"));
    authority =
        pki.open("devices", "OU=Amazon Web Services O\\=Amazon.com Inc. L\\=Seattle ST\\=W C\\=US");
    registry =
        Registry.open(
            folder.resolve("localiot"),
            new Registry.Environment(clock(), new Rules(strict, 5), this));
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }

  @Override
  public X509Certificate certificate() throws CertificateStoreException {
    return authority.certificate();
  }

  @Override
  public X509Certificate sign(String csrPem, Instant notBefore, Instant notAfter)
      throws CertificateStoreException {
    askedNotBefore.set(notBefore);
    askedNotAfter.set(notAfter);
    return authority.issue(csrPem, Use.CLIENT, List.of(), notBefore, notAfter);
  }

  /** A signing request. */
  String request(String subject) throws Exception {
    return pki.createSigningRequest("any", KeyType.EC_P256, subject, List.of());
  }

  /** A certificate of an authority, in PEM. */
  String signed(Authority by, String subject) throws Exception {
    return Certificates.pem(
        by.issue(
            request(subject),
            Use.CLIENT,
            List.of(),
            now.get(),
            now.get().plus(Duration.ofDays(30))));
  }

  /** A registry for values only: signs nothing. */
  static Registry.Environment environment() {
    CertificateSigner nobody =
        new CertificateSigner() {
          @Override
          public X509Certificate certificate() {
            throw new UnsupportedOperationException();
          }

          @Override
          public X509Certificate sign(String csrPem, Instant notBefore, Instant notAfter) {
            throw new UnsupportedOperationException();
          }
        };
    return new Registry.Environment(Clock.systemUTC(), new Rules(false, 5), nobody);
  }
}
