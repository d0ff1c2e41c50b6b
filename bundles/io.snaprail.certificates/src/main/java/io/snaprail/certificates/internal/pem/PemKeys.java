package io.snaprail.certificates.internal.pem;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.x509.Keys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Private keys: PKCS#8 (RFC 5958), encrypted PKCS#8, PKCS#1 RSA (RFC 8017 A.1.2), SEC1 EC (RFC
 * 5915), the last two also encrypted by {@code DEK-Info} (OpenSSL's own).
 */
final class PemKeys {
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";

  static final Set<String> LABELS = Set.of(PKCS8, ENCRYPTED, PKCS1, SEC1);

  private static final String EC_PARAMETERS = "EC PARAMETERS";
  private static final Set<ASN1ObjectIdentifier> CURVES =
      Set.of(
          SECObjectIdentifiers.secp256r1,
          SECObjectIdentifiers.secp384r1,
          SECObjectIdentifiers.secp521r1);

  private final char @Nullable [] passphrase;

  PemKeys(char @Nullable [] passphrase) {
    this.passphrase = passphrase;
  }

  /**
   * Reads the key of a block.
   *
   * @param all the blocks of the text: one may hold the curve of a SEC1 key
   */
  PrivateKey read(PemBlock block, List<PemBlock> all) throws CertificateStoreException {
    try {
      byte[] plain = block.headers().containsKey("DEK-Info") ? decrypt(block) : block.content();
      PrivateKeyInfo info =
          switch (block.label()) {
            case PKCS1 -> pkcs1(plain);
            case SEC1 -> sec1(plain, all);
            case ENCRYPTED -> decrypt(block, plain);
            default -> PrivateKeyInfo.getInstance(plain);
          };
      return toKey(info, block);
    } catch (IOException | RuntimeException malformed) {
      // The ASN.1 library answers malformed input with half a dozen kinds of RuntimeException.
      boolean encrypted = block.label().equals(ENCRYPTED) || !block.headers().isEmpty();
      // One wrong passphrase in 256 leaves padding that looks right, and then no key.
      throw at(
          block,
          encrypted
              ? "the private key cannot be read: the passphrase is wrong, or the key damaged"
              : "the private key cannot be read; it is damaged or no key at all",
          malformed);
    }
  }

  private static PrivateKeyInfo pkcs1(byte[] der) throws IOException {
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
        RSAPrivateKey.getInstance(der));
  }

  private static PrivateKeyInfo sec1(byte[] der, List<PemBlock> all) throws IOException {
    ECPrivateKey key = ECPrivateKey.getInstance(der);
    ASN1Encodable curve = key.getParametersObject();
    for (PemBlock other : all) {
      if (curve == null && other.label().equals(EC_PARAMETERS)) {
        curve = ASN1Primitive.fromByteArray(other.content());
      }
    }
    if (curve == null) {
      throw new IOException("a key without the name of its curve");
    }
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key);
  }

  private static PrivateKey toKey(PrivateKeyInfo info, PemBlock block)
      throws IOException, CertificateStoreException {
    AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
    Optional<String> name = Keys.algorithm(algorithm.getAlgorithm());
    if (name.isEmpty()) {
      throw at(
          block,
          "the private key is neither RSA nor EC (algorithm " + algorithm.getAlgorithm() + ")",
          null);
    }
    if (name.get().equals("EC")) {
      requireKnownCurve(algorithm.getParameters(), block);
    }
    byte[] encoded = info.getEncoded();
    try {
      return KeyFactory.getInstance(name.get()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException malformed) {
      throw at(block, "the private key is damaged (" + name.get() + ")", malformed);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static void requireKnownCurve(@Nullable ASN1Encodable curve, PemBlock block)
      throws CertificateStoreException {
    if (!(curve instanceof ASN1ObjectIdentifier name) || !CURVES.contains(name)) {
      throw at(
          block,
          "the private key is on the curve %s; expected P-256, P-384 or P-521 by name"
              .formatted(curve instanceof ASN1ObjectIdentifier ? curve : "of its own parameters"),
          null);
    }
  }

  private PrivateKeyInfo decrypt(PemBlock block, byte[] der)
      throws IOException, CertificateStoreException {
    char[] secret = requirePassphrase(block);
    PKCS8EncryptedPrivateKeyInfo encrypted = new PKCS8EncryptedPrivateKeyInfo(der);
    Optional<String> excess =
        PassphraseCost.excess(encrypted.toASN1Structure().getEncryptionAlgorithm());
    if (excess.isPresent()) {
      throw at(
          block,
          "the key's encryption asks for too much work ("
              + excess.get()
              + "); encrypt it anew with: openssl pkcs8 -topk8",
          null);
    }
    try {
      // A provider of our own, handed over and not registered: the JVM's list stays as it is.
      return encrypted.decryptPrivateKeyInfo(
          new JceOpenSSLPKCS8DecryptorProviderBuilder()
              .setProvider(new BouncyCastleProvider())
              .build(secret));
    } catch (PKCSException | OperatorCreationException wrong) {
      throw at(block, "the key cannot be decrypted: the passphrase is wrong", wrong);
    }
  }

  private byte[] decrypt(PemBlock block) throws CertificateStoreException {
    char[] secret = requirePassphrase(block);
    String[] info = block.headers().getOrDefault("DEK-Info", "").split(",");
    if (info.length != 2) {
      throw at(block, "expected 'DEK-Info: CIPHER,IV'", null);
    }
    try {
      byte[] iv = HexFormat.of().parseHex(info[1].strip());
      return new BcPEMDecryptorProvider(secret).get(info[0].strip()).decrypt(block.content(), iv);
    } catch (PEMException | RuntimeException wrong) {
      // The library tells wrong padding from an unknown cipher by nothing but its text.
      throw at(
          block,
          "the key ("
              + info[0].strip()
              + ") cannot be decrypted: the passphrase is wrong, or the cipher unknown",
          wrong);
    }
  }

  private char[] requirePassphrase(PemBlock block) throws CertificateStoreException {
    char[] secret = passphrase;
    if (secret == null || secret.length == 0) {
      throw at(block, "the private key is encrypted: give its passphrase", null);
    }
    return secret;
  }

  private static CertificateStoreException at(
      PemBlock block, String what, @Nullable Throwable cause) {
    return new CertificateStoreException("Line " + block.line() + ": " + what, cause);
  }
}
