package io.snaprail.deploy.internal.archive;

import io.snaprail.deploy.internal.DeployException;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Timestamp;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether somebody may sign bundles: from one of the roots, for signing code, strong, in time. */
final class SignerChain {
  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
  private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
  private static final String ANY = "2.5.29.37.0";
  private static final int RSA_BITS = 2048;
  private static final int EC_BITS = 256;

  private SignerChain() {}

  static String check(CodeSigner signer, Set<X509Certificate> roots, Instant now)
      throws DeployException {
    List<X509Certificate> chain = certificates(signer.getSignerCertPath());
    X509Certificate leaf = chain.get(0);
    String subject = leaf.getSubjectX500Principal().getName();
    if (roots.isEmpty()) {
      throw DeployException.refused(
          "the bundle is signed by '"
              + subject
              + "', and nobody is trusted to sign bundles: import the root of your signers into the"
              + " set that 'roots' names");
    }
    require(leaf, subject, CODE_SIGNING, "to sign code");
    for (X509Certificate one : chain) {
      strong(one);
    }
    Instant at = signedAt(signer, roots, now);
    try {
      validate(chain, roots, at);
    } catch (CertPathValidatorException e) {
      throw DeployException.refused(words(e, subject, leaf, at));
    } catch (GeneralSecurityException e) {
      throw DeployException.refused(
          "the chain of the signer '" + subject + "' cannot be checked: " + e.getMessage());
    }
    return subject;
  }

  private static List<X509Certificate> certificates(CertPath path) {
    return path.getCertificates().stream()
        .map(X509Certificate.class::cast)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static void validate(List<X509Certificate> chain, Set<X509Certificate> roots, Instant at)
      throws GeneralSecurityException {
    List<X509Certificate> path = new ArrayList<>();
    for (X509Certificate one : chain) {
      if (roots.contains(one) && !path.isEmpty()) {
        break;
      }
      path.add(one);
      if (roots.contains(one)) {
        break;
      }
    }
    PKIXParameters parameters =
        new PKIXParameters(
            roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()));
    // A gateway has no way to ask; a root that is removed from the set ends all that came from it.
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
  }

  /** The time stamp's moment when its authority is trusted too; else now. */
  private static Instant signedAt(CodeSigner signer, Set<X509Certificate> roots, Instant now) {
    Timestamp stamp = signer.getTimestamp();
    if (stamp == null) {
      return now;
    }
    try {
      List<X509Certificate> authority = certificates(stamp.getSignerCertPath());
      require(authority.get(0), "", TIME_STAMPING, "to stamp times");
      Instant moment = stamp.getTimestamp().toInstant();
      validate(authority, roots, moment);
      return moment;
    } catch (GeneralSecurityException | DeployException untrusted) {
      return now;
    }
  }

  private static void require(X509Certificate leaf, String subject, String use, String words)
      throws DeployException {
    try {
      List<String> uses = leaf.getExtendedKeyUsage();
      boolean[] keys = leaf.getKeyUsage();
      boolean fits =
          (uses == null && use.equals(CODE_SIGNING))
              || (uses != null && (uses.contains(use) || uses.contains(ANY)));
      if (!fits || (keys != null && !keys[0])) {
        throw DeployException.refused("the certificate of '" + subject + "' is not meant " + words);
      }
    } catch (CertificateParsingException e) {
      throw DeployException.refused(
          "the certificate of '" + subject + "' cannot be read: " + e.getMessage());
    }
  }

  private static void strong(X509Certificate certificate) throws DeployException {
    PublicKey key = certificate.getPublicKey();
    boolean strong =
        key instanceof RSAPublicKey rsa
            ? rsa.getModulus().bitLength() >= RSA_BITS
            : key instanceof ECPublicKey ec
                ? ec.getParams().getOrder().bitLength() >= EC_BITS
                : List.of("Ed25519", "Ed448", "EdDSA").contains(key.getAlgorithm());
    String signature = certificate.getSigAlgName().toUpperCase(java.util.Locale.ROOT);
    if (!strong || signature.startsWith("SHA1") || signature.startsWith("MD")) {
      throw DeployException.refused(
          "the key or signature of '"
              + certificate.getSubjectX500Principal().getName()
              + "' is too weak: expected RSA from 2048 bits, EC from 256 bits, SHA-256 or better");
    }
  }

  private static String words(
      CertPathValidatorException e, String subject, X509Certificate leaf, Instant at) {
    if (e.getReason() == BasicReason.EXPIRED) {
      return "the certificate of the signer '%s', or one above it, had expired on %s (the signer's ends on %s); sign with a time stamp, or anew"
          .formatted(subject, at, leaf.getNotAfter().toInstant());
    }
    if (e.getReason() == BasicReason.NOT_YET_VALID) {
      return "the certificate of the signer '%s' begins on %s, and the gateway's clock says %s; see whether the clock is right"
          .formatted(subject, leaf.getNotBefore().toInstant(), at);
    }
    return "the bundle is signed by '%s', who is not from one of the trusted roots: %s"
        .formatted(subject, e.getMessage());
  }
}
