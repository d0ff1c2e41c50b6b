package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.TestPki.Issued;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Names;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys that were made to do harm: by a peer, or by whoever handed over a file. */
@Timeout(20)
class HostileInputTest {
  private static final byte[] SALT = new byte[16];

  @TempDir Path data;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = new Fixture(data);
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  // Anyone who reaches a port of ours may choose the subject that our log then shows.
  @Test
  void aSubjectCannotBeginALineOfItsOwn() {
    X500Principal subject =
        new X500Principal("CN=a\\0A12:00:00 ERROR forged\\0D\\1B[2J,O=\\E2\\80\\AEb");
    assertThat(Names.text(subject))
        .isEqualTo("CN=a\\0A12:00:00 ERROR forged\\0D\\1B[2J,O=\\E2\\80\\AEb");
    assertThat(new X500Principal(Names.text(subject))).isEqualTo(subject);
  }

  @Test
  void anEndlessSubjectIsCutOffInMessages() throws Exception {
    Issued issued = TestPki.ca("CN=" + "x".repeat(20_000)).make();
    assertThat(Certificates.describe(issued.certificate())).hasSizeLessThan(300);
  }

  @Test
  void aRootCannotBringAnotherOneInItsSubject() throws Exception {
    Issued smuggled = TestPki.ca("CN=smuggled").make();
    String subject =
        "CN=honest\\0A"
            + smuggled
                .pem()
                .strip()
                .replaceAll("\r?\n", "\\\\0A")
                .replace("+", "\\+")
                .replace("=", "\\=");
    Issued honest = TestPki.ca(subject).make();
    fixture.store().importRoots("plant", honest.pem());
    assertThat(fixture.store().rootsPem("plant"))
        .containsOnlyOnce("-----BEGIN CERTIFICATE-----\n")
        .doesNotContain(smuggled.pem().lines().toList().get(1) + "\n");
    assertThat(
            fixture.store().rootsPem("plant").lines().filter(line -> line.startsWith("-----BEGIN")))
        .hasSize(1);
  }

  // Without a limit the first needs 1 GiB and ends the gateway, the others take hours.
  @Test
  void refusesToWorkForHoursOnAPassphrase() throws Exception {
    AlgorithmIdentifier prf =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
    refuses(pbes2(MiscObjectIdentifiers.id_scrypt, new ScryptParams(SALT, 1 << 20, 8, 1)));
    refuses(pbes2(MiscObjectIdentifiers.id_scrypt, new ScryptParams(SALT, 1 << 14, 8, 1 << 20)));
    refuses(
        pbes2(PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(SALT, Integer.MAX_VALUE, 32, prf)));
    refuses(
        new AlgorithmIdentifier(
            PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC,
            new PKCS12PBEParams(SALT, Integer.MAX_VALUE)));
  }

  private static AlgorithmIdentifier pbes2(
      ASN1ObjectIdentifier function, ASN1Encodable parameters) {
    return new AlgorithmIdentifier(
        PKCSObjectIdentifiers.id_PBES2,
        new PBES2Parameters(
            new KeyDerivationFunc(function, parameters),
            new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(SALT))));
  }

  private void refuses(AlgorithmIdentifier encryption) throws Exception {
    byte[] der = new EncryptedPrivateKeyInfo(encryption, new byte[64]).getEncoded();
    assertThatThrownBy(
            () ->
                fixture
                    .store()
                    .importIdentity("x", pem("ENCRYPTED PRIVATE KEY", der), "pass".toCharArray()))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("Line 1: the key's encryption")
        .hasMessageContaining("openssl pkcs8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "CERTIFICATE"
      })
  void endlessNestingIsNoMoreThanAnUnreadableFile(String label) {
    assertThatThrownBy(
            () -> fixture.store().importIdentity("x", pem(label, nested()), "pass".toCharArray()))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("Line 1: ");
  }

  @Test
  void endlessNestingInASigningRequestIsRefused() throws Exception {
    Authority authority = fixture.authorities().open("ca", "CN=ca");
    Instant now = fixture.clock.instant();
    Instant end = now.plus(Duration.ofDays(1));
    String request = pem("CERTIFICATE REQUEST", nested());
    assertThatThrownBy(() -> authority.issue(request, Use.CLIENT, List.of(), now, end))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("cannot be read");
  }

  /** 45 kB of sequences, each in the one before. */
  private static byte[] nested() {
    byte[] der = new byte[45_000];
    for (int i = 0; i + 1 < der.length; i += 2) {
      der[i] = 0x30;
      der[i + 1] = (byte) 0x80;
    }
    return der;
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + new String(Base64.getMimeEncoder().encode(der), StandardCharsets.US_ASCII)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
