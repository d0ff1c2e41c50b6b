package io.snaprail.certificates.internal.x509;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Key pairs: making, naming, judging and matching them. */
public final class Keys {
  /** Shorter RSA keys are refused everywhere; NIST SP 800-57 part 1, bits. */
  public static final int MIN_RSA = 2048;

  private static final int MIN_EC = 256;

  private Keys() {}

  /** Makes a key pair; RSA takes up to seconds on a small machine. */
  public static KeyPair generate(KeyType type, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm(type));
      initialize(generator, type, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This JDK cannot make keys of type " + type, impossible);
    }
  }

  /** The kind that the store makes in place of a key: as strong, as far as it makes such. */
  public static KeyType typeLike(Key key) {
    if (key instanceof RSAKey rsa) {
      return rsa.getModulus().bitLength() > MIN_RSA ? KeyType.RSA_3072 : KeyType.RSA_2048;
    }
    boolean small =
        key instanceof ECKey ec && ec.getParams().getCurve().getField().getFieldSize() <= MIN_EC;
    return small ? KeyType.EC_P256 : KeyType.EC_P384;
  }

  /** The JDK's name of the algorithm of a type. */
  public static String algorithm(KeyType type) {
    return switch (type) {
      case EC_P256, EC_P384 -> "EC";
      case RSA_2048, RSA_3072 -> "RSA";
    };
  }

  /** Lets a generator of the algorithm of a type make keys of that type. */
  public static void initialize(KeyPairGenerator generator, KeyType type, SecureRandom random)
      throws GeneralSecurityException {
    switch (type) {
      case EC_P256 -> generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      case EC_P384 -> generator.initialize(new ECGenParameterSpec("secp384r1"), random);
      case RSA_2048 -> generator.initialize(2048, random);
      case RSA_3072 -> generator.initialize(3072, random);
    }
  }

  /** The JDK's name of the algorithm of a key; empty when it is neither RSA nor EC. */
  public static Optional<String> algorithm(ASN1ObjectIdentifier identifier) {
    if (identifier.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return Optional.of("RSA");
    }
    return identifier.equals(X9ObjectIdentifiers.id_ecPublicKey)
        ? Optional.of("EC")
        : Optional.empty();
  }

  /** A key's name for people, such as {@code EC P-256} or {@code RSA 2048}. */
  public static String describe(Key key) {
    if (key instanceof RSAKey rsa) {
      return "RSA " + rsa.getModulus().bitLength();
    }
    if (key instanceof ECKey ec) {
      return "EC P-" + ec.getParams().getCurve().getField().getFieldSize();
    }
    return key.getAlgorithm();
  }

  /** Why a key is too weak; empty when it is not. */
  public static Optional<String> weakness(Key key) {
    boolean weak =
        key instanceof RSAKey rsa
            ? rsa.getModulus().bitLength() < MIN_RSA
            : !(key instanceof ECKey ec)
                || ec.getParams().getCurve().getField().getFieldSize() < MIN_EC;
    return weak
        ? Optional.of(
            "its key is weak: %s, expected RSA %d or EC P-%d at least"
                .formatted(describe(key), MIN_RSA, MIN_EC))
        : Optional.empty();
  }

  /**
   * How a key signs requests and certificates.
   *
   * @param key the public one, as the private one in a token does not tell its curve
   */
  static String signatureAlgorithm(PublicKey key) {
    if (key instanceof ECKey ec) {
      return ec.getParams().getCurve().getField().getFieldSize() > MIN_EC
          ? "SHA384withECDSA"
          : "SHA256withECDSA";
    }
    return "SHA256withRSA";
  }

  /** Whether two keys are a pair: what one signs, the other verifies. */
  public static boolean match(PrivateKey privateKey, PublicKey publicKey)
      throws CertificateStoreException {
    if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    try {
      byte[] sample = {1, 2, 3};
      Signature signature = Signature.getInstance(signatureAlgorithm(publicKey));
      signature.initSign(privateKey);
      signature.update(sample);
      byte[] signed = signature.sign();
      // Another one: that of a key in a token is the token's.
      Signature check = Signature.getInstance(signatureAlgorithm(publicKey));
      check.initVerify(publicKey);
      check.update(sample);
      return verifies(check, signed);
    } catch (GeneralSecurityException | ProviderException unusable) {
      // A token that is gone answers with the latter.
      throw new CertificateStoreException(
          "The private key (%s) cannot sign: %s"
              .formatted(describe(publicKey), unusable.getMessage()),
          unusable);
    }
  }

  private static boolean verifies(Signature signature, byte[] signed) {
    try {
      return signature.verify(signed);
    } catch (GeneralSecurityException otherCurve) {
      // A signature of another curve or length is malformed to this key: no pair.
      return false;
    }
  }
}
