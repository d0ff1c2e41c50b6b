package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.testkit.peer.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthoritiesTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  // AWS IoT's own end; GeneralizedTime begins a year later (RFC 5280 4.1.2.5).
  private static final Instant UNTIL = Instant.parse("2049-12-31T23:59:59Z");

  private static final int ROUNDS = 100;

  @TempDir Path data;
  private Fixture fixture;

  @BeforeEach
  void fixture() {
    fixture = new Fixture(data);
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private Authority open() throws CertificateStoreException {
    return fixture.authorities().open("localiot", "CN=Local CA,O=Example");
  }

  private String request(KeyType type) throws CertificateStoreException {
    return fixture
        .store()
        .createSigningRequest("device", type, "CN=device-1,OU=Plant", List.of("asked.example"));
  }

  @Test
  void staysTheSameOverARestart() throws Exception {
    X509Certificate first = open().certificate();
    assertThat(fixture.authorities().open("localiot", "CN=Other").certificate()).isEqualTo(first);
    Path file = fixture.folder.resolve("authorities/localiot/authority.p12");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void opensslTakesItsCertificates() throws Exception {
    OpenSsl openssl = OpenSsl.in(data);
    Authority authority = open();
    openssl.write("ca.pem", CertificateStoreTest.pem(authority.certificate()));
    for (KeyType type : List.of(KeyType.EC_P256, KeyType.RSA_2048)) {
      X509Certificate issued =
          authority.issue(
              request(type), Use.SERVER, List.of("localhost", "127.0.0.1"), FROM, UNTIL);
      openssl.write("leaf.pem", CertificateStoreTest.pem(issued));
      assertThat(openssl.run("verify -x509_strict -purpose sslserver -CAfile ca.pem leaf.pem"))
          .contains("OK");
      assertThat(openssl.run("x509 -in leaf.pem -noout -text"))
          .contains("Subject: OU = Plant, CN = device-1", "Issuer: O = Example, CN = Local CA")
          .contains("TLS Web Server Authentication", "DNS:localhost, IP Address:127.0.0.1")
          .contains("X509v3 Authority Key Identifier", "X509v3 Subject Key Identifier", "CA:FALSE")
          .doesNotContain("asked.example");
    }
    assertThat(openssl.run("x509 -in ca.pem -noout -text"))
        .contains("CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign");
  }

  @Test
  void issuesWhatWasAskedForAndNothingElse() throws Exception {
    Authority authority = open();
    X509Certificate one =
        authority.issue(request(KeyType.EC_P256), Use.CLIENT, List.of(), FROM, UNTIL);
    X509Certificate two =
        authority.issue(request(KeyType.EC_P256), Use.CLIENT, List.of(), FROM, UNTIL);
    assertThat(one.getNotBefore().toInstant()).isEqualTo(FROM);
    assertThat(one.getNotAfter().toInstant()).isEqualTo(UNTIL);
    assertThat(one.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(one.getSubjectAlternativeNames()).isNull();
    assertThat(one.getSerialNumber()).isPositive().isNotEqualTo(two.getSerialNumber());
    assertThat(one.getSerialNumber().bitLength()).isBetween(100, 128);
  }

  @Test
  void refusesARequestWhoseSignatureIsWrong() throws Exception {
    String csr = request(KeyType.EC_P256);
    int middle = csr.length() / 3;
    char changed = csr.charAt(middle) == 'A' ? 'B' : 'A';
    String forged = csr.substring(0, middle) + changed + csr.substring(middle + 1);
    Authority authority = open();
    assertThatThrownBy(() -> authority.issue(forged, Use.CLIENT, List.of(), FROM, UNTIL))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("signing request");
  }

  // facts/security.md: only declared exceptions may escape, whatever the text.
  @Test
  void answersDamagedRequestsWithItsOwnExceptionOnly() throws Exception {
    Random random = new Random(4711);
    Authority authority = open();
    String good = request(KeyType.EC_P256);
    for (int i = 0; i < ROUNDS; i++) {
      StringBuilder bad = new StringBuilder(good);
      bad.setCharAt(30 + random.nextInt(bad.length() - 60), (char) ('A' + random.nextInt(26)));
      try {
        authority.issue(bad.toString(), Use.CLIENT, List.of(), FROM, UNTIL);
      } catch (CertificateStoreException expected) {
        assertThat(expected).message().isNotBlank();
      }
    }
  }

  @Test
  void refusesARequestWithAWeakKey() throws Exception {
    OpenSsl openssl = OpenSsl.in(data);
    openssl.run("req -new -newkey rsa:1024 -nodes -keyout k.pem -subj /CN=weak -out weak.csr");
    Authority authority = open();
    assertThatThrownBy(
            () -> authority.issue(openssl.read("weak.csr"), Use.CLIENT, List.of(), FROM, UNTIL))
        .hasMessageContaining("its key is weak: RSA 1024");
  }

  @Test
  void saysThatATextIsNoRequestOrAPeriodIsNone() throws Exception {
    Authority authority = open();
    String certificate = CertificateStoreTest.pem(authority.certificate());
    assertThatThrownBy(() -> authority.issue(certificate, Use.CLIENT, List.of(), FROM, UNTIL))
        .hasMessageContaining("No signing request found")
        .hasMessageContaining("found 'CERTIFICATE' in line 1");
    String csr = request(KeyType.EC_P256);
    assertThatThrownBy(() -> authority.issue(csr, Use.CLIENT, List.of(), UNTIL, FROM))
        .hasMessageContaining("expected an end of validity after 2049-12-31");
  }

  // facts/security.md, faults: boot in 1970. What is made then must work once the clock is set.
  @Test
  void whatIsMadeBeforeTheClockIsSetIsValidAfterwards() throws Exception {
    Instant now = Instant.now();
    fixture.clock.set(Instant.parse("1970-01-01T00:00:30Z"));
    X509Certificate ca = open().certificate();
    assertThat(ca.getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(20 * 365)));
    assertThat(ca.getNotBefore().toInstant()).isBefore(now);
    assertThat(
            fixture
                .store()
                .createSelfSigned("c", KeyType.EC_P256, "CN=c", List.of(), Duration.ofDays(3650))
                .notAfter())
        .isAfter(now);
  }
}
