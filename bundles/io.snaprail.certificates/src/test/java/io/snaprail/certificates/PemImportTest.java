package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every PEM variant of facts/aws-iot.md, as openssl writes it. */
class PemImportTest {
  private static final String PASS = "pass phrase".replace(" ", "-");

  @TempDir static Path pki;
  private static final int ROUNDS = 40;
  private static OpenSsl openssl;
  @TempDir Path data;
  private Fixture fixture;

  /** root -> intermediate -> ec and rsa; one more chain of one certificate for mix-ups. */
  @BeforeAll
  static void makeCertificates() throws Exception {
    openssl = OpenSsl.in(pki);
    openssl.write("ca.cnf", "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n");
    openssl.write("leaf.cnf", "subjectAltName=DNS:gw.example,IP:10.1.2.3\n");
    key("root");
    openssl.run("req -x509 -new -key root.key -subj /CN=Root -days 30 -out root.crt");
    key("inter");
    sign("inter", "root", "ca.cnf");
    // With -genkey openssl puts the EC PARAMETERS before the key.
    openssl.run("ecparam -name prime256v1 -genkey -out ec-params.key");
    openssl.run("ec -in ec-params.key -out ec.key");
    sign("ec", "inter", "leaf.cnf");
    openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key");
    sign("rsa", "inter", "leaf.cnf");
    openssl.run("rsa -in rsa.key -traditional -out rsa-pkcs1.key");
    openssl.run("rsa -in rsa.key -traditional -aes256 -passout pass:" + PASS + " -out rsa-dek.key");
    openssl.run("rsa -in rsa.key -traditional -des3 -passout pass:" + PASS + " -out rsa-des3.key");
    openssl.run("ec -in ec.key -aes128 -passout pass:" + PASS + " -out ec-dek.key");
    openssl.run("pkcs8 -topk8 -nocrypt -in ec.key -out ec-pkcs8.key");
    String encrypt = "pkcs8 -topk8 -passout pass:" + PASS;
    openssl.run(encrypt + " -v2 aes-256-cbc -in ec.key -out ec-enc.key");
    openssl.run(encrypt + " -v2 aes-128-cbc -in rsa.key -out rsa-enc.key");
    openssl.run(encrypt + " -scrypt -in ec.key -out ec-scrypt.key");
    openssl.run(encrypt + " -v1 PBE-SHA1-3DES -in ec.key -out ec-3des.key");
    openssl.run("ec -in ec.key -pubout -out ec-public.key");
  }

  private static void key(String name) throws Exception {
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + name + ".key");
  }

  private static void sign(String name, String issuer, String extensions) throws Exception {
    openssl.run(
        "req -new -key %s.key -subj /O=Plant/CN=%s -out %s.csr".formatted(name, name, name));
    openssl.run(
        "x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -days 30 -sha256 -extfile %s -out %s.crt"
            .formatted(name, issuer, issuer, extensions, name));
  }

  @BeforeEach
  void fixture() {
    fixture = new Fixture(data);
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private IdentityInfo importText(String pem) throws CertificateStoreException {
    return fixture.store().importIdentity("gateway", pem, PASS.toCharArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec-params.key",
        "ec.key",
        "ec-pkcs8.key",
        "ec-enc.key",
        "ec-scrypt.key",
        "ec-3des.key",
        "ec-dek.key",
      })
  void readsEveryFormOfAnEcKey(String file) throws Exception {
    IdentityInfo info = importText(openssl.read(file) + openssl.read("ec.crt"));
    assertThat(info.keyAlgorithm()).isEqualTo("EC P-256");
    assertThat(info.subject()).isEqualTo("CN=ec,O=Plant");
    assertThat(info.issuer()).isEqualTo("CN=inter,O=Plant");
    assertThat(info.alternativeNames()).containsExactly("gw.example", "10.1.2.3");
    String printed = openssl.run("x509 -in ec.crt -noout -fingerprint -sha256");
    assertThat(printed.strip().replace(":", "").toLowerCase(java.util.Locale.ROOT))
        .endsWith(info.fingerprint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa.key", "rsa-pkcs1.key", "rsa-dek.key", "rsa-des3.key", "rsa-enc.key"})
  void readsEveryFormOfAnRsaKey(String file) throws Exception {
    IdentityInfo info = importText(openssl.read(file) + openssl.read("rsa.crt"));
    assertThat(info.keyAlgorithm()).isEqualTo("RSA 2048");
  }

  @Test
  void readsCarriageReturnsAndBlanksAtTheEndsOfLines() throws Exception {
    String both = openssl.read("ec-params.key") + openssl.read("ec.crt");
    importText(both.replace("\n", "\r\n"));
    importText(both.replace("\n", "  \t\n"));
    importText("\uFEFF" + both.replace("\n", " \r\n") + "\r\n\r\n");
    importText("# comment\nBag Attributes\n    friendlyName: x\n" + both.strip());
  }

  @Test
  void readsFilesThatWereJoinedWithoutALineEnd() throws Exception {
    assertThat(
            importText(openssl.read("ec.crt").strip() + openssl.read("ec.key").strip()).subject())
        .isEqualTo("CN=ec,O=Plant");
  }

  @Test
  void readsTextThatWasCopiedOutOfJson() throws Exception {
    String both = openssl.read("ec.key") + openssl.read("ec.crt");
    assertThat(importText(both.replace("\n", "\\n")).subject()).isEqualTo("CN=ec,O=Plant");
  }

  // What AWS hands out: certificate, private and public key, root.
  @Test
  void leavesAPublicKeyAside() throws Exception {
    String all = openssl.read("ec-public.key") + openssl.read("ec.crt") + openssl.read("ec.key");
    assertThat(importText(all).subject()).isEqualTo("CN=ec,O=Plant");
  }

  @Test
  void putsAChainInOrderAndLeavesOffTheRootAndWhatDoesNotBelong() throws Exception {
    importText(
        openssl.read("root.crt")
            + openssl.read("rsa.crt")
            + openssl.read("inter.crt")
            + openssl.read("ec.crt")
            + openssl.read("ec.key"));
    Path file = fixture.folder.resolve("identities/gateway/active.p12");
    String password = new String(fixture.secrets.getOrCreate("certificates.keystore"));
    String printed =
        openssl.run("pkcs12 -nokeys -passin pass:" + password + " -in " + file.toAbsolutePath());
    assertThat(printed.lines().filter(line -> line.startsWith("subject=")))
        .containsExactly("subject=O = Plant, CN = ec", "subject=O = Plant, CN = inter");
  }

  @Test
  void saysThatTheKeyDoesNotMatch() throws Exception {
    String mixed = openssl.read("ec.key") + openssl.read("rsa.crt");
    int line = 1 + (int) openssl.read("ec.key").lines().count();
    refuses(
        mixed,
        "The key (EC P-256) does not match: no certificate was made for it. Found: line "
            + line
            + " 'CN=rsa,O=Plant' with RSA 2048.");
  }

  @Test
  void saysThatThePassphraseIsWrongOrMissing() throws Exception {
    for (String file : List.of("ec-enc.key", "rsa-dek.key", "ec-scrypt.key")) {
      String pem = openssl.read("ec.crt") + openssl.read(file);
      int line = 1 + (int) openssl.read("ec.crt").lines().count();
      assertThatThrownBy(() -> fixture.store().importIdentity("g", pem, "wrong".toCharArray()))
          .isInstanceOf(CertificateStoreException.class)
          .hasMessageStartingWith("Line " + line + ": ")
          .hasMessageContaining("passphrase is wrong");
      assertThatThrownBy(() -> fixture.store().importIdentity("g", pem, null))
          .hasMessage("Line " + line + ": the private key is encrypted: give its passphrase");
    }
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    refuses(openssl.read("ec.crt"), "no private key found, only 1 certificate(s)");
    refuses(openssl.read("ec.key"), "a private key in line 1, but no certificate");
    refuses(openssl.read("ec.key") + openssl.read("rsa.key"), "Line 6: a second private key");
    refuses("", "No PEM block found");
    refuses("MIIB hello", "No PEM block found", "DER or PKCS#12");
  }

  @Test
  void namesTheLineOfWhatItCannotRead() throws Exception {
    String crt = openssl.read("ec.crt");
    int lines = (int) crt.lines().count();
    String key = openssl.read("ec.key");
    refuses(
        crt + key.replace("-----END EC PRIVATE KEY-----", ""),
        "Line "
            + (lines + 1)
            + ": the block 'EC PRIVATE KEY' has no '-----END EC PRIVATE KEY-----'");
    refuses(crt.replaceFirst("\nM", "\nM%"), "Line 2: expected base64, found the character '%'");
    refuses(crt.replaceFirst("\nMII.{20}", "\nMII"), "Line 1: the certificate cannot be read");
    refuses(crt + openssl.read("ec.csr"), "Line " + (lines + 1), "this is a signing request");
    refuses(crt + "-----BEGIN FOO-----\nAAAA\n-----END FOO-----\n", "found a block 'FOO'");
    refuses("-----BEGIN CERTIFICATE----\nAAAA\n", "Line 1: expected '-----BEGIN ...-----'");
  }

  @Test
  void refusesWeakKeysAndSignatures() throws Exception {
    openssl.run("genrsa -out weak.key 1024");
    openssl.run("req -x509 -new -key weak.key -subj /CN=weak -days 9 -out weak.crt");
    refuses(
        openssl.read("weak.key") + openssl.read("weak.crt"),
        "its key is weak: RSA 1024, expected RSA 2048 or EC P-256 at least");
    openssl.run("x509 -req -in ec.csr -CA inter.crt -CAkey inter.key -days 30 -sha1 -out sha1.crt");
    refuses(
        openssl.read("ec.key") + openssl.read("sha1.crt"),
        "its signature is weak: SHA1withECDSA, expected SHA-256 or better");
    assertThatThrownBy(() -> fixture.store().importRoots("weak", openssl.read("weak.crt")))
        .hasMessageContaining("Line 1: the root 'CN=weak' is refused: its key is weak");
  }

  @Test
  void refusesAnUnusualCurve() throws Exception {
    openssl.run("ecparam -name secp256k1 -genkey -noout -out k1.key");
    refuses(openssl.read("k1.key") + openssl.read("ec.crt"), "expected P-256, P-384 or P-521");
  }

  @Test
  void refusesAKeyAmongRoots() throws Exception {
    assertThatThrownBy(
            () ->
                fixture
                    .store()
                    .importRoots("r", openssl.read("root.crt") + openssl.read("root.key")))
        .hasMessageContaining("expected certificates only, found a private key");
    assertThat(fixture.store().rootSets()).isEmpty();
  }

  @Test
  void keepsSeveralRootsInASet() throws Exception {
    CertificateStoreComponent store = fixture.store();
    store.importRoots("plant", openssl.read("root.crt") + openssl.read("inter.crt"));
    assertThat(store.rootSets()).containsExactly("plant");
    openssl.write("set.pem", store.rootsPem("plant"));
    assertThat(openssl.run("verify -CAfile set.pem ec.crt")).contains("ec.crt: OK");
  }

  @Test
  void neverShowsTheKeyInAMessage() throws Exception {
    String secret = openssl.read("ec.key").lines().toList().get(1);
    for (String broken :
        List.of(
            openssl.read("ec.key").replace(secret, secret.substring(4)) + openssl.read("ec.crt"),
            openssl.read("ec.key") + openssl.read("rsa.crt"))) {
      assertThatThrownBy(() -> importText(broken))
          .satisfies(e -> assertThat(chain(e)).doesNotContain(secret.substring(10, 40)));
    }
  }

  private static String chain(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append(cause);
    }
    return text.toString();
  }

  private void refuses(String pem, String... expected) {
    assertThatThrownBy(() -> importText(pem))
        .isInstanceOf(CertificateStoreException.class)
        .message()
        .contains(expected);
    assertThat(fixture.store().identities()).isEmpty();
  }

  // facts/security.md: only declared exceptions may escape, whatever the text.
  @Test
  void answersDamagedTextsWithItsOwnExceptionOnly() throws Exception {
    Random random = new Random(4711);
    CertificateStoreComponent store = fixture.store();
    for (String file :
        List.of("ec-params.key", "rsa-pkcs1.key", "ec-enc.key", "rsa-dek.key", "ec-pkcs8.key")) {
      String good = openssl.read(file) + openssl.read("ec.crt");
      for (int i = 0; i < ROUNDS; i++) {
        StringBuilder bad = new StringBuilder(good);
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          bad.setCharAt(random.nextInt(bad.length()), (char) (32 + random.nextInt(95)));
        }
        try {
          store.importIdentity("fuzz", bad.toString(), PASS.toCharArray());
        } catch (CertificateStoreException expected) {
          assertThat(expected).hasMessageNotContaining("null");
        }
      }
    }
  }

  @Test
  void readsTheSameTextTwice() throws CertificateStoreException, IOException {
    String both = openssl.read("ec.key") + openssl.read("ec.crt");
    assertThat(importText(both)).isEqualTo(importText(both));
  }
}
