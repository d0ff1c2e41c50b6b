package io.snaprail.certificates.internal.pem;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.x509.Certificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a PEM text holds: certificates in the order of the text, and a key if there is one.
 *
 * @param certificates with the line of each
 * @param key null when there is none
 * @param keyLine line of the key, 0 when there is none
 */
public record PemIdentity(List<Located> certificates, @Nullable PrivateKey key, int keyLine) {

  private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE");
  private static final Set<String> REQUESTS =
      Set.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
  // What people hand over besides: harmless and of no use here.
  private static final Set<String> IGNORED =
      Set.of("PUBLIC KEY", "RSA PUBLIC KEY", "EC PUBLIC KEY", "DH PARAMETERS", "EC PARAMETERS");

  /** Copies the list. */
  public PemIdentity {
    certificates = List.copyOf(certificates);
  }

  /**
   * Reads a text.
   *
   * @param passphrase of an encrypted key; null for none
   */
  public static PemIdentity parse(String pem, char @Nullable [] passphrase)
      throws CertificateStoreException {
    List<Located> certificates = new ArrayList<>();
    List<PemBlock> blocks = PemText.parse(pem);
    PemKeys keys = new PemKeys(passphrase);
    PrivateKey key = null;
    int keyLine = 0;
    for (PemBlock block : blocks) {
      if (CERTIFICATES.contains(block.label())) {
        certificates.add(new Located(certificate(block), block.line()));
      } else if (PemKeys.LABELS.contains(block.label())) {
        if (key != null) {
          throw new CertificateStoreException(
              "Line %d: a second private key; the first is in line %d. Bring one key at a time."
                  .formatted(block.line(), keyLine));
        }
        key = keys.read(block, blocks);
        keyLine = block.line();
      } else if (!IGNORED.contains(block.label())) {
        throw unknown(block);
      }
    }
    return new PemIdentity(certificates, key, keyLine);
  }

  /**
   * Reads a text that must hold certificates and no key.
   *
   * @throws CertificateStoreException also when there is a key, so that it is not spread by mistake
   */
  public static List<Located> certificatesOnly(String pem) throws CertificateStoreException {
    for (PemBlock block : PemText.parse(pem)) {
      if (PemKeys.LABELS.contains(block.label())) {
        throw new CertificateStoreException(
            "Line %d: expected certificates only, found a private key (%s)"
                .formatted(block.line(), block.label()));
      }
    }
    List<Located> certificates = parse(pem, null).certificates();
    if (certificates.isEmpty()) {
      throw new CertificateStoreException(
          "No certificate found: expected at least one '-----BEGIN CERTIFICATE-----'");
    }
    return certificates;
  }

  /** The DER of the signing request in a text that must hold one. */
  public static byte[] signingRequest(String pem) throws CertificateStoreException {
    List<PemBlock> blocks = PemText.parse(pem);
    for (PemBlock block : blocks) {
      if (REQUESTS.contains(block.label())) {
        return block.content();
      }
    }
    throw new CertificateStoreException(
        "No signing request found: expected '-----BEGIN CERTIFICATE REQUEST-----', found "
            + blocks.get(0));
  }

  private static X509Certificate certificate(PemBlock block) throws CertificateStoreException {
    try {
      return Certificates.decode(block.content());
    } catch (CertificateStoreException unreadable) {
      throw new CertificateStoreException(
          "Line " + block.line() + ": " + unreadable.getMessage(), unreadable);
    }
  }

  private static CertificateStoreException unknown(PemBlock block) {
    String hint =
        switch (block.label()) {
          case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" ->
              "this is a signing request; bring the certificate that was made from it";
          case "PKCS7", "CMS" -> "convert it with: openssl pkcs7 -print_certs";
          case "TRUSTED CERTIFICATE" -> "convert it with: openssl x509";
          case "OPENSSH PRIVATE KEY" -> "convert it with: ssh-keygen -p -m PEM";
          case "DSA PRIVATE KEY" -> "DSA keys are not supported; use EC P-256 or RSA";
          default -> "expected a certificate or a private key";
        };
    return new CertificateStoreException(
        "Line %d: found a block '%s': %s".formatted(block.line(), block.label(), hint));
  }

  /**
   * A certificate and where it stood.
   *
   * @param line in the text, from 1
   */
  public record Located(X509Certificate certificate, int line) {}

  /** Never the key. */
  @Override
  public String toString() {
    return "PemIdentity[" + certificates.size() + " certificates, key in line " + keyLine + "]";
  }
}
