package io.snaprail.certificates.internal.pkcs12;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.pem.PassphraseCost;
import io.snaprail.certificates.internal.pem.PemIdentity;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/** A key in a KeyBag (RFC 7292 4.2.1): the file's checksum has been looked at before. */
final class UnencryptedKey {
  private UnencryptedKey() {}

  /**
   * The key and the certificates of a file in which the JDK has found no key.
   *
   * @param passphrase of the certificates, which may be encrypted all the same
   */
  static PemIdentity read(byte[] file, char[] passphrase) throws CertificateStoreException {
    // As PEM, so that there is one place that judges keys and certificates.
    StringBuilder pem = new StringBuilder();
    int keys = 0;
    int certificates = 0;
    try {
      for (ContentInfo content : new PKCS12PfxPdu(file).getContentInfos()) {
        for (PKCS12SafeBag bag : bags(content, passphrase)) {
          if (bag.getBagValue() instanceof PrivateKeyInfo key) {
            append(pem, "PRIVATE KEY", key.getEncoded());
            keys++;
          } else if (bag.getBagValue() instanceof X509CertificateHolder certificate) {
            append(pem, "CERTIFICATE", certificate.getEncoded());
            certificates++;
          }
        }
      }
    } catch (IOException | PKCSException | RuntimeException damaged) {
      // The ASN.1 library answers malformed input with half a dozen kinds of RuntimeException.
      throw new CertificateStoreException(
          "The file cannot be read as PKCS#12: it is damaged, or the passphrase is wrong", damaged);
    }
    if (keys != 1) {
      throw new CertificateStoreException(
          "The PKCS#12 file holds %s and %d certificate(s): expected one key with its certificate, as openssl pkcs12 -export writes them"
              .formatted(keys == 0 ? "no private key" : keys + " private keys", certificates));
    }
    return PemIdentity.parse(pem.toString(), null);
  }

  private static PKCS12SafeBag[] bags(ContentInfo content, char[] passphrase)
      throws PKCSException, CertificateStoreException {
    if (content.getContentType().equals(PKCSObjectIdentifiers.data)) {
      return new PKCS12SafeBagFactory(content).getSafeBags();
    }
    if (!content.getContentType().equals(PKCSObjectIdentifiers.encryptedData)) {
      return new PKCS12SafeBag[0];
    }
    Optional<String> excess =
        PassphraseCost.excess(
            EncryptedData.getInstance(content.getContent()).getEncryptionAlgorithm());
    if (excess.isPresent()) {
      throw new CertificateStoreException(
          "The PKCS#12 file's encryption asks for too much work (%s)".formatted(excess.get()));
    }
    return new PKCS12SafeBagFactory(
            content,
            new JcePKCSPBEInputDecryptorProviderBuilder()
                .setProvider(new BouncyCastleProvider())
                .build(passphrase))
        .getSafeBags();
  }

  private static void append(StringBuilder pem, String label, byte[] der) {
    pem.append("-----BEGIN ").append(label).append("-----\n");
    pem.append(Base64.getMimeEncoder().encodeToString(der));
    pem.append("\n-----END ").append(label).append("-----\n");
    Arrays.fill(der, (byte) 0);
  }
}
