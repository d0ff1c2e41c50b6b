package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PKCS#12 files (RFC 7292) in every variant that openssl writes. */
class Pkcs12Test {
  private static final String PASS = "pass-phrase";
  private static final int ROUNDS = 200;

  @TempDir static Path pki;
  private static OpenSsl openssl;

  @TempDir Path data;
  private Fixture fixture;
  private CertificateStoreComponent store;

  /** root -> intermediate -> ec and rsa. */
  @BeforeAll
  static void makeCertificates() throws Exception {
    openssl = OpenSsl.in(pki);
    openssl.write("ca.cnf", "basicConstraints=critical,CA:TRUE\n");
    openssl.write("leaf.cnf", "subjectAltName=DNS:gw.example\n");
    key("root", "EC -pkeyopt ec_paramgen_curve:P-256");
    openssl.run("req -x509 -new -key root.key -subj /CN=Root -days 30 -out root.crt");
    key("inter", "EC -pkeyopt ec_paramgen_curve:P-256");
    sign("inter", "root", "ca.cnf");
    key("ec", "EC -pkeyopt ec_paramgen_curve:P-256");
    sign("ec", "inter", "leaf.cnf");
    key("rsa", "RSA -pkeyopt rsa_keygen_bits:2048");
    sign("rsa", "inter", "leaf.cnf");
    openssl.write("chain.pem", openssl.read("inter.crt") + openssl.read("root.crt"));
  }

  private static void key(String name, String algorithm) throws Exception {
    openssl.run("genpkey -algorithm " + algorithm + " -out " + name + ".key");
  }

  private static void sign(String name, String issuer, String extensions) throws Exception {
    openssl.run("req -new -key %s.key -subj /CN=%s -out %s.csr".formatted(name, name, name));
    openssl.run(
        "x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -CAcreateserial -days 20 -extfile %s -out %s.crt"
            .formatted(name, issuer, issuer, extensions, name));
  }

  @BeforeEach
  void store() {
    fixture = new Fixture(data);
    store = fixture.store();
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private static byte[] export(String options) throws Exception {
    openssl.run("pkcs12 -export -out made.p12 " + options);
    return Files.readAllBytes(pki.resolve("made.p12"));
  }

  @ParameterizedTest
  @CsvSource({
    "ec, -certfile chain.pem",
    "rsa, -certfile chain.pem",
    "ec, -name snaprail -caname inter -certfile chain.pem",
    "rsa, -legacy -certfile chain.pem",
    "rsa, -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -certfile chain.pem",
    "ec, -keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha512 -certfile chain.pem",
    "ec, -certpbe NONE -certfile chain.pem",
    "ec, -nomac -certfile chain.pem",
    "ec, -macalg sha256 -keypbe AES-256-CBC -certpbe AES-256-CBC -iter 1 -certfile chain.pem",
    "rsa, -legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-40 -certfile chain.pem",
    "ec, -keypbe NONE -certfile chain.pem",
    "rsa, -keypbe NONE -certpbe NONE -certfile chain.pem",
    "rsa, -keypbe NONE -certpbe PBE-SHA1-3DES -macalg sha1 -certfile chain.pem",
    "ec, -keypbe NONE -certpbe NONE -nomac -certfile chain.pem",
    "ec, -certfile root.crt -certfile inter.crt",
  })
  void readsWhatOpensslWrites(String name, String options) throws Exception {
    byte[] file =
        export("-inkey %s.key -in %s.crt -passout pass:%s %s".formatted(name, name, PASS, options));

    IdentityInfo info = store.importPkcs12("gateway", file, PASS.toCharArray());

    assertThat(info.subject()).isEqualTo("CN=" + name);
    assertThat(info.issuer()).isEqualTo("CN=inter");
    // The root is left off, the intermediate is shown.
    String shown =
        openssl.run(
            "pkcs12 -nokeys -passin pass:%s -in %s"
                .formatted(
                    new String(fixture.secrets.getOrCreate("certificates.keystore")),
                    fixture.folder.resolve("identities/gateway/active.p12").toAbsolutePath()));
    assertThat(shown.split("BEGIN CERTIFICATE")).hasSize(3);
    assertThat(store.clientContext("gateway", "")).isNotNull();
  }

  @Test
  void readsOneWithoutAPassphrase() throws Exception {
    byte[] empty = export("-inkey ec.key -in ec.crt -passout pass:");
    assertThat(store.importPkcs12("a", empty, new char[0]).subject()).isEqualTo("CN=ec");
    // Not encrypted at all: the JDK passes such keys by.
    byte[] plain =
        export("-inkey ec.key -in ec.crt -passout pass: -keypbe NONE -certpbe NONE -nomac");
    assertThat(store.importPkcs12("b", plain, new char[0]).subject()).isEqualTo("CN=ec");
  }

  @Test
  void anUnencryptedKeyAmongEncryptedCertificatesNeedsThePassphraseAllTheSame() throws Exception {
    byte[] file = export("-inkey ec.key -in ec.crt -keypbe NONE -passout pass:" + PASS);
    assertThatThrownBy(() -> store.importPkcs12("a", file, "other".toCharArray()))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("passphrase");
  }

  @Test
  void saysWhenThePassphraseIsWrongOrMissing() throws Exception {
    byte[] file = export("-inkey ec.key -in ec.crt -passout pass:" + PASS);
    assertThatThrownBy(() -> store.importPkcs12("a", file, "other".toCharArray()))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("The passphrase does not open the PKCS#12 file");
    assertThatThrownBy(() -> store.importPkcs12("a", file, new char[0]))
        .hasMessageContaining("has a passphrase, and none was given");
  }

  @Test
  void saysWhenTheKeyIsMissingOrNotTheOne() throws Exception {
    byte[] certificates = export("-nokeys -in ec.crt -passout pass:" + PASS);
    assertThatThrownBy(() -> store.importPkcs12("a", certificates, PASS.toCharArray()))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("holds no private key and 1 certificate(s)");
  }

  @Test
  void saysWhenItIsNoPkcs12() throws Exception {
    byte[] pem = Files.readAllBytes(pki.resolve("ec.crt"));
    assertThatThrownBy(() -> store.importPkcs12("a", pem, new char[0]))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("A text with BEGIN lines is PEM: import it as that");
    assertThatThrownBy(() -> store.importPkcs12("a", new byte[300_000], new char[0]))
        .hasMessageContaining("expected a PKCS#12 file of at most");
  }

  /** Whatever is damaged, one exception says so, and nothing else escapes. */
  @Test
  void damagedFilesAreRefused() throws Exception {
    byte[] good = export("-inkey ec.key -in ec.crt -certfile chain.pem -passout pass:" + PASS);
    Random random = new Random(12);
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      if (i % 2 == 0) {
        bad = good.clone();
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      refused += refused(bad) ? 1 : 0;
    }
    // Its integrity is protected: what is changed is refused.
    assertThat(refused).isGreaterThan(ROUNDS - 10);
  }

  private boolean refused(byte[] file) throws IOException {
    try {
      store.importPkcs12("fuzzed", file, PASS.toCharArray());
      return false;
    } catch (CertificateStoreException declared) {
      assertThat(declared.getMessage()).isNotEmpty();
      return true;
    }
  }
}
