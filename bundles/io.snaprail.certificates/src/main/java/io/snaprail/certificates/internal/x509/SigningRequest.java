package io.snaprail.certificates.internal.x509;

import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.x509.Issuing.Validity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/** A signing request (PKCS#10) that proved to hold its key and may be signed. */
public final class SigningRequest {
  private final X500Name subject;
  private final PublicKey publicKey;

  private SigningRequest(X500Name subject, PublicKey publicKey) {
    this.subject = subject;
    this.publicKey = publicKey;
  }

  /**
   * Reads a request.
   *
   * @param der PKCS#10
   * @throws CertificateStoreException when it is malformed, its signature is wrong, its key weak
   */
  public static SigningRequest decode(byte[] der) throws CertificateStoreException {
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
      PublicKey key = key(request);
      boolean valid = request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
      if (!valid) {
        throw new CertificateStoreException(
            "The signing request's signature does not fit its key: it was changed on its way");
      }
      Optional<String> weakness = Keys.weakness(key);
      if (weakness.isPresent()) {
        throw new CertificateStoreException("The signing request is refused: " + weakness.get());
      }
      return new SigningRequest(request.getSubject(), key);
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException malformed) {
      // The ASN.1 library answers malformed input with half a dozen kinds of RuntimeException.
      throw new CertificateStoreException(
          "The signing request cannot be read; it is damaged or none at all", malformed);
    }
  }

  private static PublicKey key(PKCS10CertificationRequest request)
      throws IOException, GeneralSecurityException, CertificateStoreException {
    SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
    ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
    Optional<String> name = Keys.algorithm(algorithm);
    if (name.isEmpty()) {
      throw new CertificateStoreException(
          "The signing request is refused: its key is neither RSA nor EC (algorithm "
              + algorithm
              + ")");
    }
    return KeyFactory.getInstance(name.get())
        .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }

  X500Name subject() {
    return subject;
  }

  /** The key that it proved to hold. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** Signs it, for what an old certificate is good for. */
  public X509Certificate renew(
      Issuing issuing, Signer signer, X509Certificate old, Validity validity)
      throws CertificateStoreException {
    return issuing.renew(this, old, signer, validity);
  }

  /** Signs it. */
  public X509Certificate issue(
      Issuing issuing, Signer signer, Use use, List<String> alternativeNames, Validity validity)
      throws CertificateStoreException {
    KeyPurposeId purpose =
        switch (use) {
          case CLIENT -> KeyPurposeId.id_kp_clientAuth;
          case SERVER -> KeyPurposeId.id_kp_serverAuth;
        };
    return issuing.issue(
        new Issuing.Request(subject, publicKey, purpose, alternativeNames),
        signer.certificate(),
        signer.key(),
        validity);
  }

  /** Who signs. */
  public record Signer(X509Certificate certificate, PrivateKey key) {
    /** Never the key. */
    @Override
    public String toString() {
      return "Signer[" + Certificates.describe(certificate) + "]";
    }
  }
}
