package io.snaprail.certificates.internal.pkcs12;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.pem.PemIdentity.Located;
import io.snaprail.certificates.internal.x509.Certificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads a PKCS#12 file (RFC 7292) with one key. The JDK does it, old ciphers (RC2, 3DES) and files
 * without a checksum included; it passes by keys that are not encrypted, which {@link
 * UnencryptedKey} reads.
 */
public final class Pkcs12 {
  /** No identity with its chain is longer; facts: a chain of four is under 10 KB. */
  private static final int MAX_BYTES = 256 * 1024;

  private Pkcs12() {}

  /**
   * The key and the certificates of a file.
   *
   * @param passphrase empty for none
   */
  public static PemIdentity read(byte[] file, char[] passphrase) throws CertificateStoreException {
    if (file.length > MAX_BYTES) {
      throw new CertificateStoreException(
          "The file has %d bytes: expected a PKCS#12 file of at most %d"
              .formatted(file.length, MAX_BYTES));
    }
    try {
      KeyStore store = open(file, passphrase);
      List<String> keys = new ArrayList<>();
      List<Located> certificates = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          keys.add(alias);
        }
        certificatesOf(store, alias, certificates);
      }
      if (keys.isEmpty()) {
        return UnencryptedKey.read(file, passphrase);
      }
      if (keys.size() > 1) {
        throw new CertificateStoreException(
            "The PKCS#12 file holds %d private keys (%s): bring one key at a time"
                .formatted(keys.size(), String.join(", ", keys)));
      }
      return new PemIdentity(certificates, key(store, keys.get(0), passphrase), 0);
    } catch (UnrecoverableKeyException wrong) {
      throw locked(passphrase, wrong);
    } catch (GeneralSecurityException | RuntimeException damaged) {
      // The JDK's parser throws anything at what is no PKCS#12 inside.
      throw unreadable(damaged);
    }
  }

  private static KeyStore open(byte[] file, char[] passphrase)
      throws CertificateStoreException, GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file), passphrase);
      return store;
    } catch (IOException refused) {
      if (refused.getCause() instanceof UnrecoverableKeyException) {
        throw locked(passphrase, refused);
      }
      throw unreadable(refused);
    }
  }

  private static CertificateStoreException locked(char[] passphrase, Exception cause) {
    return new CertificateStoreException(
        passphrase.length == 0
            ? "The PKCS#12 file has a passphrase, and none was given"
            : "The passphrase does not open the PKCS#12 file, or the file is damaged",
        cause);
  }

  private static CertificateStoreException unreadable(Exception cause) {
    return new CertificateStoreException(
        "The file cannot be read as PKCS#12 (.p12, .pfx)%s. A text with BEGIN lines is PEM: import it as that."
            .formatted(cause.getMessage() == null ? "" : ": " + cause.getMessage()),
        cause);
  }

  private static void certificatesOf(KeyStore store, String alias, List<Located> found)
      throws GeneralSecurityException, CertificateStoreException {
    Certificate[] chain = store.getCertificateChain(alias);
    Certificate single = store.getCertificate(alias);
    Certificate[] all =
        chain != null ? chain : single == null ? new Certificate[0] : new Certificate[] {single};
    for (Certificate certificate : all) {
      if (!(certificate instanceof X509Certificate)) {
        throw new CertificateStoreException(
            "The PKCS#12 file holds a certificate that is not X.509, but " + certificate.getType());
      }
      // Read anew, with the checks that every certificate from outside gets.
      found.add(new Located(Certificates.decode(certificate.getEncoded()), 0));
    }
  }

  private static PrivateKey key(KeyStore store, String alias, char[] passphrase)
      throws GeneralSecurityException, CertificateStoreException {
    if (store.getKey(alias, passphrase) instanceof PrivateKey key) {
      return key;
    }
    throw new CertificateStoreException(
        "The PKCS#12 file holds a key under '%s' that is not a private key".formatted(alias));
  }
}
