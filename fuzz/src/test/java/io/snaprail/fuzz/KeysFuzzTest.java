package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.pkcs12.Pkcs12;
import io.snaprail.certificates.internal.store.Chains;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** Keys and certificates that people bring: each is read, or one exception says what is wrong. */
@Timeout(30)
class KeysFuzzTest {
  private static final char[] PASSPHRASE = "pass".toCharArray();

  /** An input is a PEM text. */
  @FuzzTest
  void pem(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      judge(PemIdentity.parse(text, PASSPHRASE));
    } catch (CertificateStoreException told) {
      assertTold(told);
    }
  }

  /** An input is a PKCS#12 file. */
  @FuzzTest
  void pkcs12(byte[] input) {
    try {
      judge(Pkcs12.read(input, PASSPHRASE));
    } catch (CertificateStoreException told) {
      assertTold(told);
    }
  }

  /** An input is a signing request in DER. */
  @FuzzTest
  void signingRequest(byte[] input) {
    try {
      assertThat(SigningRequest.decode(input).publicKey()).isNotNull();
    } catch (CertificateStoreException told) {
      assertTold(told);
    }
  }

  /** What the store does with what was read. */
  private static void judge(PemIdentity parsed) throws CertificateStoreException {
    for (PemIdentity.Located located : parsed.certificates()) {
      X509Certificate certificate = located.certificate();
      assertThat(Certificates.describe(certificate)).isNotEmpty().hasSizeLessThan(400);
      assertThat(Certificates.weakness(certificate)).isNotNull();
      assertThat(PemIdentity.parse(Certificates.toPem(List.of(certificate)), null).certificates())
          .extracting(PemIdentity.Located::certificate)
          .containsExactly(certificate);
    }
    PrivateKey key = parsed.key();
    if (key != null && !parsed.certificates().isEmpty()) {
      List<X509Certificate> chain = Chains.of(key, parsed.certificates());
      assertThat(chain).isNotEmpty().doesNotHaveDuplicates();
    }
  }

  /** Words for people, and never a key. */
  private static void assertTold(CertificateStoreException told) {
    assertThat(told.getMessage()).isNotBlank().doesNotContain("null");
    assertThat(Arrays.asList(told.getMessage().split("\\R"))).allMatch(l -> l.length() < 3000);
  }
}
