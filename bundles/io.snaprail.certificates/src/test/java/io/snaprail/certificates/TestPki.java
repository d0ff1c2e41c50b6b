package io.snaprail.certificates;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates that are wrong in one way each. */
final class TestPki {
  private static final SecureRandom RANDOM = new SecureRandom();

  private String subject = "CN=localhost";
  private KeyPair keys = ec();
  private Issued issuer;
  private boolean authority;
  private Instant from = Instant.now().minus(Duration.ofDays(1));
  private Instant until = Instant.now().plus(Duration.ofDays(365));
  private String host = "localhost";
  private KeyPurposeId use = KeyPurposeId.id_kp_serverAuth;
  private String algorithm = "SHA256withECDSA";

  static KeyPair ec() {
    return keys("EC", 256);
  }

  static KeyPair keys(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size, RANDOM);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static TestPki ca(String subject) {
    TestPki pki = new TestPki().subject(subject);
    pki.authority = true;
    return pki;
  }

  static TestPki leaf(Issued issuer) {
    TestPki pki = new TestPki();
    pki.issuer = issuer;
    return pki;
  }

  TestPki subject(String name) {
    subject = name;
    return this;
  }

  TestPki issuer(Issued by) {
    issuer = by;
    return this;
  }

  TestPki keys(KeyPair pair) {
    keys = pair;
    return this;
  }

  TestPki valid(Duration since, Duration end) {
    from = Instant.now().plus(since);
    until = Instant.now().plus(end);
    return this;
  }

  TestPki host(String name) {
    host = name;
    return this;
  }

  TestPki use(KeyPurposeId purpose) {
    use = purpose;
    return this;
  }

  TestPki signedWith(String signature) {
    algorithm = signature;
    return this;
  }

  Issued make() throws Exception {
    KeyPair signer = issuer == null ? keys : issuer.keys();
    X500Name name = name(subject);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer == null ? name : name(issuer.subject()),
            new BigInteger(100, RANDOM),
            Date.from(from),
            Date.from(until),
            name,
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (!authority) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
    }
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
    List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
    if (issuer != null) {
      chain.addAll(issuer.chain());
    }
    return new Issued(keys, chain, subject);
  }

  private static X500Name name(String subject) {
    return X500Name.getInstance(new javax.security.auth.x500.X500Principal(subject).getEncoded());
  }

  /** A key with its certificate and those above it. */
  record Issued(KeyPair keys, List<X509Certificate> chain, String subject) {
    X509Certificate certificate() {
      return chain.get(0);
    }

    String pem() throws Exception {
      return CertificateStoreTest.pem(certificate());
    }

    String keyPem() {
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
          + "\n-----END PRIVATE KEY-----\n";
    }

    /** The same with only the first certificates of the chain. */
    Issued showing(int certificates) {
      return new Issued(keys, chain.subList(0, certificates), subject);
    }
  }
}
