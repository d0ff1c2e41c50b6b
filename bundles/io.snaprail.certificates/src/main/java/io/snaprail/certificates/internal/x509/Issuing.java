package io.snaprail.certificates.internal.x509;

import io.snaprail.api.certificate.CertificateStoreException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** Makes requests (PKCS#10, RFC 2986) and certificates (RFC 5280). */
public final class Issuing {
  /** RFC 5280 allows 20 octets; 128 random bits never meet twice. */
  private static final int SERIAL_BITS = 128;

  /** MODBUS/TCP Security Protocol Specification: a role, as a UTF8String. */
  private static final ASN1ObjectIdentifier MODBUS_ROLE =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.50316.802.1");

  private static final int MAX_ROLE = 64;

  /** What a renewed certificate has from the old one. */
  private static final List<ASN1ObjectIdentifier> KEPT =
      List.of(Extension.extendedKeyUsage, Extension.subjectAlternativeName, MODBUS_ROLE);

  private final SecureRandom random;

  /** An issuer. */
  public Issuing(SecureRandom random) {
    this.random = random;
  }

  /**
   * A signing request in PEM.
   *
   * @param role of Modbus/TLS, at most 64 characters; empty for none
   */
  public String request(KeyPair keys, String subject, List<String> alternativeNames, String role)
      throws CertificateStoreException {
    if (role.length() > MAX_ROLE || role.codePoints().anyMatch(Character::isISOControl)) {
      throw new CertificateStoreException(
          "The role: expected at most %d printable characters, found %d characters"
              .formatted(MAX_ROLE, role.length()));
    }
    PKCS10CertificationRequestBuilder builder =
        new PKCS10CertificationRequestBuilder(
            Names.subject(subject),
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    try {
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      if (!alternativeNames.isEmpty()) {
        extensions.addExtension(
            Extension.subjectAlternativeName, false, Names.alternativeNames(alternativeNames));
      }
      if (!role.isEmpty()) {
        extensions.addExtension(MODBUS_ROLE, false, new DERUTF8String(role));
      }
      if (!extensions.isEmpty()) {
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      return Certificates.pem("CERTIFICATE REQUEST", builder.build(signer(keys)).getEncoded());
    } catch (IOException failure) {
      throw new CertificateStoreException("The signing request cannot be encoded", failure);
    }
  }

  /** A signing request in PEM with subject, alternative names and role of a certificate. */
  public String requestLike(KeyPair keys, X509Certificate old) throws CertificateStoreException {
    PKCS10CertificationRequestBuilder builder =
        new PKCS10CertificationRequestBuilder(
            X500Name.getInstance(old.getSubjectX500Principal().getEncoded()),
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    try {
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      for (ASN1ObjectIdentifier kept : List.of(Extension.subjectAlternativeName, MODBUS_ROLE)) {
        byte[] value = old.getExtensionValue(kept.getId());
        if (value != null) {
          extensions.addExtension(kept, false, JcaX509ExtensionUtils.parseExtensionValue(value));
        }
      }
      if (!extensions.isEmpty()) {
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      return Certificates.pem("CERTIFICATE REQUEST", builder.build(signer(keys)).getEncoded());
    } catch (IOException failure) {
      throw new CertificateStoreException("The signing request cannot be encoded", failure);
    }
  }

  /** Keeps a key until its certificate comes: signs itself, and holds nothing but a subject. */
  public X509Certificate placeholder(KeyPair keys, X500Principal subject, Validity validity)
      throws CertificateStoreException {
    X500Name name = X500Name.getInstance(subject.getEncoded());
    return sign(builder(name, name, keys.getPublic(), validity), keys);
  }

  /** A certificate that signs itself, for a TLS server. */
  public X509Certificate selfSigned(
      KeyPair keys, String subject, List<String> alternativeNames, Validity validity)
      throws CertificateStoreException {
    X500Name name = Names.subject(subject);
    X509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), validity);
    try {
      endEntity(builder, keys.getPublic(), KeyPurposeId.id_kp_serverAuth, alternativeNames);
    } catch (CertIOException failure) {
      throw new CertificateStoreException("The certificate cannot be encoded", failure);
    }
    return sign(builder, keys);
  }

  /** The certificate of a certificate authority, signed by itself. */
  public X509Certificate authority(KeyPair keys, String subject, Validity validity)
      throws CertificateStoreException {
    X500Name name = Names.subject(subject);
    X509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), validity);
    try {
      // Path length 0: it signs no other authority.
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions().createSubjectKeyIdentifier(keys.getPublic()));
    } catch (CertIOException failure) {
      throw new CertificateStoreException("The certificate cannot be encoded", failure);
    }
    return sign(builder, keys);
  }

  /** A certificate for someone else's key, signed by an authority. */
  X509Certificate issue(
      Request request, X509Certificate authority, PrivateKey key, Validity validity)
      throws CertificateStoreException {
    X500Name issuer = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder =
        builder(issuer, request.subject(), request.publicKey(), validity);
    try {
      endEntity(builder, request.publicKey(), request.purpose(), request.alternativeNames());
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          extensions().createAuthorityKeyIdentifier(authority.getPublicKey()));
    } catch (CertIOException failure) {
      throw new CertificateStoreException("The certificate cannot be encoded", failure);
    }
    return sign(builder, new KeyPair(authority.getPublicKey(), key));
  }

  /** A certificate for another key that is good for what an old one is good for. */
  X509Certificate renew(
      SigningRequest request, X509Certificate old, SigningRequest.Signer signer, Validity validity)
      throws CertificateStoreException {
    X509Certificate authority = signer.certificate();
    X500Name issuer = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder =
        builder(issuer, request.subject(), request.publicKey(), validity);
    try {
      usage(builder, request.publicKey());
      for (ASN1ObjectIdentifier kept : KEPT) {
        byte[] value = old.getExtensionValue(kept.getId());
        if (value != null) {
          add(builder, kept, JcaX509ExtensionUtils.parseExtensionValue(value));
        }
      }
      add(
          builder,
          Extension.authorityKeyIdentifier,
          extensions().createAuthorityKeyIdentifier(authority.getPublicKey()));
    } catch (IOException failure) {
      throw new CertificateStoreException("The certificate cannot be encoded", failure);
    }
    return sign(builder, new KeyPair(authority.getPublicKey(), signer.key()));
  }

  private void endEntity(
      X509v3CertificateBuilder builder,
      PublicKey key,
      KeyPurposeId purpose,
      List<String> alternativeNames)
      throws CertIOException, CertificateStoreException {
    usage(builder, key);
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    if (!alternativeNames.isEmpty()) {
      add(builder, Extension.subjectAlternativeName, Names.alternativeNames(alternativeNames));
    }
  }

  private static void usage(X509v3CertificateBuilder builder, PublicKey key)
      throws CertIOException {
    int usage = KeyUsage.digitalSignature;
    if (key.getAlgorithm().equals("RSA")) {
      usage |= KeyUsage.keyEncipherment;
    }
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    add(builder, Extension.subjectKeyIdentifier, extensions().createSubjectKeyIdentifier(key));
  }

  private static void add(
      X509v3CertificateBuilder builder, ASN1ObjectIdentifier name, ASN1Encodable value)
      throws CertIOException {
    builder.addExtension(name, false, value);
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Validity validity) {
    BigInteger serial = new BigInteger(SERIAL_BITS, random).setBit(0);
    return new X509v3CertificateBuilder(
        issuer,
        serial,
        Date.from(validity.from()),
        Date.from(validity.until()),
        subject,
        SubjectPublicKeyInfo.getInstance(key.getEncoded()));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair keys)
      throws CertificateStoreException {
    try {
      return Certificates.decode(builder.build(signer(keys)).getEncoded());
    } catch (IOException failure) {
      throw new CertificateStoreException("The certificate cannot be encoded", failure);
    }
  }

  private static ContentSigner signer(KeyPair keys) throws CertificateStoreException {
    PublicKey publicKey = keys.getPublic();
    try {
      return new JcaContentSignerBuilder(Keys.signatureAlgorithm(publicKey))
          .build(keys.getPrivate());
    } catch (OperatorCreationException unusable) {
      throw new CertificateStoreException(
          "The key (%s) cannot sign: %s".formatted(Keys.describe(publicKey), unusable.getMessage()),
          unusable);
    }
  }

  private static JcaX509ExtensionUtils extensions() {
    try {
      return new JcaX509ExtensionUtils();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every JDK has SHA-1 for key identifiers", impossible);
    }
  }

  /**
   * From when until when.
   *
   * @param from first moment
   * @param until last moment
   */
  public record Validity(Instant from, Instant until) {
    /** Checks the order. */
    public Validity {
      if (!from.isBefore(until)) {
        throw new IllegalArgumentException(
            "validity: expected an end after " + from + ", found " + until);
      }
    }
  }

  /**
   * What is asked for.
   *
   * @param purpose extended key usage
   */
  record Request(
      X500Name subject, PublicKey publicKey, KeyPurposeId purpose, List<String> alternativeNames) {}
}
