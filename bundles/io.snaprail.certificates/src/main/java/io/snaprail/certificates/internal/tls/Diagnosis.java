package io.snaprail.certificates.internal.tls;

import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Names;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks for what a person would call wrong with a chain. It never decides that a chain is good:
 * that is left to the JDK's PKIX validation; but what it finds is enough to refuse one.
 */
final class Diagnosis {
  private static final int MAX_DEPTH = 10;
  private static final String ANY_USE = "2.5.29.37.0";

  private final TrustedRoots roots;
  private final Clock clock;
  private final List<X509Certificate> presented;
  private final List<X509Certificate> path = new ArrayList<>();
  private boolean unknown;

  Diagnosis(TrustedRoots roots, Clock clock, X509Certificate[] presented) {
    this.roots = roots;
    this.clock = clock;
    this.presented = Arrays.asList(presented);
  }

  /**
   * What is wrong.
   *
   * @param use what the certificate must be good for
   */
  Optional<String> find(PeerUse use) {
    Optional<String> untrusted = walk();
    unknown = untrusted.isPresent();
    return untrusted.or(() -> otherThanUnknown(use));
  }

  /** After {@link #find}: whether all would be well if the certificate's issuer were trusted. */
  boolean curable(PeerUse use) {
    return unknown && otherThanUnknown(use).isEmpty();
  }

  private Optional<String> otherThanUnknown(PeerUse use) {
    return firstInPath(Certificates::weakness)
        .or(() -> firstInPath(certificate -> Certificates.invalidity(certificate, clock)))
        .or(this::noAuthority)
        .or(() -> wrongUse(use));
  }

  /** Follows the issuers up to a trusted root; says why that did not succeed. */
  private Optional<String> walk() {
    X509Certificate current = presented.get(0);
    while (path.size() < MAX_DEPTH) {
      path.add(current);
      X509Certificate top = current;
      if (roots.certificates().contains(top)
          || roots.certificates().stream().anyMatch(root -> issued(root, top))) {
        return Optional.empty();
      }
      if (Certificates.signsItself(top)) {
        return Optional.of(selfSigned(top));
      }
      Optional<X509Certificate> issuer =
          presented.stream().filter(c -> !path.contains(c) && issued(c, top)).findFirst();
      if (issuer.isEmpty()) {
        return Optional.of(noIssuer(top));
      }
      current = issuer.get();
    }
    return Optional.of("its chain is longer than " + MAX_DEPTH + " certificates");
  }

  private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
    return named(issuer, certificate) && Certificates.isSignedBy(certificate, issuer);
  }

  private static boolean named(X509Certificate issuer, X509Certificate certificate) {
    return issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private String selfSigned(X509Certificate top) {
    return path.size() == 1
        ? "it is self-signed and not in " + roots.describe()
        : "it comes from an unknown root, %s, which is not in %s. If you trust that root, import it into the set."
            .formatted(Certificates.describe(top), roots.describe());
  }

  private String noIssuer(X509Certificate top) {
    String issuer = Names.text(top.getIssuerX500Principal());
    boolean sameName =
        presented.stream().anyMatch(c -> !c.equals(top) && named(c, top))
            || roots.certificates().stream().anyMatch(root -> named(root, top));
    if (sameName) {
      return "its chain is broken: the signature on %s was not made by the key of '%s'; a certificate of that name exists, but it is another one"
          .formatted(Certificates.describe(top), issuer);
    }
    return "its chain is incomplete: the issuer of %s, '%s', was not sent and is not in %s. Let the other side send its intermediate certificates; or, if '%s' is a root that you trust, import it into the set."
        .formatted(Certificates.describe(top), issuer, roots.describe(), issuer);
  }

  private Optional<String> firstInPath(Check check) {
    for (X509Certificate certificate : path) {
      Optional<String> wrong = check.find(certificate);
      if (wrong.isPresent()) {
        return certificate.equals(path.get(0))
            ? wrong
            : Optional.of(
                "in its chain, %s: %s".formatted(Certificates.describe(certificate), wrong.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> noAuthority() {
    return path.stream()
        .skip(1)
        .filter(certificate -> certificate.getBasicConstraints() < 0)
        .map(c -> "it was signed by %s, which is no authority".formatted(Certificates.describe(c)))
        .findFirst();
  }

  private Optional<String> wrongUse(PeerUse use) {
    try {
      List<String> uses = path.get(0).getExtendedKeyUsage();
      if (uses == null || uses.contains(use.oid()) || uses.contains(ANY_USE)) {
        return Optional.empty();
      }
      return Optional.of(
          "it is not meant for a %s: its extended key usage is %s, expected %s"
              .formatted(
                  use.noun(), uses.stream().map(PeerUse::describe).toList(), use.extension()));
    } catch (CertificateParsingException malformed) {
      return Optional.of("its extended key usage cannot be read");
    }
  }

  /** A look at one certificate of the path. */
  @FunctionalInterface
  private interface Check {
    Optional<String> find(X509Certificate certificate);
  }
}
