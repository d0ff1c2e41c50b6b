package io.snaprail.awsiot.internal.provisioning;

import io.snaprail.awsiot.internal.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** SHA-256 of a certificate, as the certificate store and AWS's certificate ids have it. */
final class Fingerprint {
  private Fingerprint() {}

  /** In hex; empty for what is no certificate. */
  static String of(String pem) {
    try {
      byte[] der =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
              .getEncoded();
      return Sha256.hex(der);
    } catch (CertificateException none) {
      return "";
    }
  }
}
