package io.snaprail.certificates.internal.store;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.pem.PemIdentity.Located;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Keys;
import io.snaprail.certificates.internal.x509.Names;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the certificate of a key and puts the chain above it in order. */
public final class Chains {
  private Chains() {}

  /**
   * The chain of a key: its own certificate first, each followed by its issuer, as far as the
   * issuers are there. The root at the top is left off: peers have it or must not trust it (RFC
   * 8446 4.4.2). Certificates that do not belong to the chain are left off too.
   *
   * @param certificates in any order
   * @throws CertificateStoreException when no certificate fits the key
   */
  public static List<X509Certificate> of(PrivateKey key, List<Located> certificates)
      throws CertificateStoreException {
    Optional<X509Certificate> own = Optional.empty();
    for (Located located : certificates) {
      if (own.isEmpty() && Keys.match(key, located.certificate().getPublicKey())) {
        own = Optional.of(located.certificate());
      }
    }
    if (own.isEmpty()) {
      throw new CertificateStoreException(
          "The key (%s) does not match: no certificate was made for it. Found: %s."
              .formatted(
                  Keys.describe(key),
                  certificates.stream().map(Chains::describe).collect(Collectors.joining(", "))));
    }
    List<X509Certificate> chain = new ArrayList<>();
    Optional<X509Certificate> next = own;
    while (next.isPresent()) {
      chain.add(next.get());
      next = issuer(next.get(), certificates).filter(issuer -> !chain.contains(issuer));
    }
    X509Certificate top = chain.get(chain.size() - 1);
    requireWhole(top, chain, certificates);
    if (chain.size() > 1 && Certificates.signsItself(top)) {
      chain.remove(top);
    }
    return List.copyOf(chain);
  }

  /**
   * An authority's certificate that leads nowhere was brought for a chain that lacks a link. Roots
   * are not looked at: people bring those of servers along.
   */
  private static void requireWhole(
      X509Certificate top, List<X509Certificate> chain, List<Located> certificates)
      throws CertificateStoreException {
    if (Certificates.signsItself(top)) {
      return;
    }
    for (Located located : certificates) {
      X509Certificate other = located.certificate();
      if (other.getBasicConstraints() >= 0
          && !chain.contains(other)
          && !Certificates.signsItself(other)) {
        throw new CertificateStoreException(
            "The chain is incomplete: the issuer of %s, '%s', is not among the certificates, and %s does not belong to it. Bring what is missing, or leave that one out."
                .formatted(
                    Certificates.describe(top),
                    Names.text(top.getIssuerX500Principal()),
                    describe(located)));
      }
    }
  }

  private static Optional<X509Certificate> issuer(
      X509Certificate certificate, List<Located> candidates) {
    return candidates.stream()
        .map(Located::certificate)
        .filter(c -> c.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .filter(c -> Certificates.isSignedBy(certificate, c))
        .findFirst();
  }

  private static String describe(Located located) {
    return "line %d %s with %s"
        .formatted(
            located.line(),
            Certificates.describe(located.certificate()),
            Keys.describe(located.certificate().getPublicKey()));
  }
}
