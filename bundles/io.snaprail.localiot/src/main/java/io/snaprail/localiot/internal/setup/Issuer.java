package io.snaprail.localiot.internal.setup;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.localiot.internal.registry.Certificates;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * The endpoint's own authority and what it signs. Keys are made by the certificate store and stay
 * there: only requests and certificates go back and forth.
 */
final class Issuer {
  /** Name of the authority, and of the set of trusted roots with its certificate. */
  static final String AUTHORITY = "localiot";

  // Says what it is: nobody shall take it for Amazon's.
  private static final String SUBJECT =
      "CN=Snaprail local endpoint CA,OU=Local endpoint,O=Snaprail";
  private static final Duration BACKDATED = Duration.ofMinutes(2);
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);

  private final CertificateStore store;
  private final CertificateAuthorities.Authority authority;
  private final Clock clock;

  private Issuer(CertificateStore store, CertificateAuthorities.Authority authority, Clock clock) {
    this.store = store;
    this.authority = authority;
    this.clock = clock;
  }

  /** Opens the authority, makes it at first start, and has the store trust it. */
  static Issuer open(CertificateStore store, CertificateAuthorities authorities, Clock clock)
      throws CertificateStoreException {
    CertificateAuthorities.Authority authority = authorities.open(AUTHORITY, SUBJECT);
    Issuer issuer = new Issuer(store, authority, clock);
    issuer.publishRoot();
    return issuer;
  }

  /** Id of the authority's certificate. */
  String id() {
    return Certificates.id(authority.certificate());
  }

  /** Makes a key in the store and signs a certificate for it; it is not imported yet. */
  X509Certificate sign(
      String identity, String subject, CertificateAuthorities.Use use, List<String> names)
      throws CertificateStoreException {
    String request = store.createSigningRequest(identity, KeyType.EC_P256, subject, names);
    return authority.issue(request, use, names, clock.instant().minus(BACKDATED), end());
  }

  /** Brings a signed certificate into the store: from then on the identity uses it. */
  void deliver(String identity, X509Certificate certificate) throws CertificateStoreException {
    store.importCertificate(identity, Certificates.pem(certificate));
  }

  /** Whether an identity is near its end, and a new certificate would last longer. */
  boolean due(IdentityInfo identity) {
    Instant end = identity.notAfter();
    return end == null
        || (clock.instant().isAfter(end.minus(RENEWED_BEFORE_END))
            && end().isAfter(end.plus(Duration.ofDays(1))));
  }

  private Instant end() {
    Instant wanted = clock.instant().plus(VALIDITY);
    Instant last = authority.certificate().getNotAfter().toInstant();
    return wanted.isBefore(last) ? wanted : last;
  }

  private void publishRoot() throws CertificateStoreException {
    if (!store.rootSets().contains(AUTHORITY)
        || !ids(store.rootsPem(AUTHORITY)).equals(List.of(id()))) {
      store.importRoots(AUTHORITY, Certificates.pem(authority.certificate()));
    }
  }

  private static List<String> ids(String pem) throws CertificateStoreException {
    try {
      Collection<?> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
      return certificates.stream()
          .map(certificate -> Certificates.id((X509Certificate) certificate))
          .toList();
    } catch (CertificateException e) {
      throw new CertificateStoreException(
          "roots '" + AUTHORITY + "' cannot be read: " + e.getMessage(), e);
    }
  }
}
