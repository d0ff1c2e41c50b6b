package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.Problem;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateStoreTest {
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

  private Authority authority() throws CertificateStoreException {
    return fixture.authorities().open("plant", "CN=Plant CA,O=Example");
  }

  private String issue(String csr, Duration validity) throws Exception {
    Instant now = fixture.clock.instant();
    X509Certificate certificate =
        authority().issue(csr, Use.CLIENT, List.of(), now.minusSeconds(60), now.plus(validity));
    return pem(certificate);
  }

  static String pem(X509Certificate certificate) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private IdentityInfo enroll(CertificateStoreComponent store, Duration validity) throws Exception {
    String csr = store.createSigningRequest("gateway", KeyType.EC_P256, "CN=gateway-7", List.of());
    return store.importCertificate("gateway", issue(csr, validity));
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void itsSigningRequestsPassOpenssl(KeyType type) throws Exception {
    OpenSsl openssl = OpenSsl.in(data);
    String csr =
        fixture
            .store()
            .createSigningRequest(
                "gateway",
                type,
                "CN=gateway-7,O=Example\\, Inc.",
                List.of("gw.example", "*.gw.example", "10.1.2.3", "fe80::1"));
    openssl.write("request.csr", csr);
    String printed = openssl.run("req -in request.csr -noout -verify -text");
    assertThat(printed)
        .contains("verify OK")
        .contains("Subject: O = \"Example, Inc.\", CN = gateway-7")
        .contains("DNS:gw.example, DNS:*.gw.example, IP Address:10.1.2.3, IP Address:FE80")
        .contains(
            switch (type) {
              case EC_P256 -> "ASN1 OID: prime256v1";
              case EC_P384 -> "ASN1 OID: secp384r1";
              case RSA_2048 -> "(2048 bit)";
              case RSA_3072 -> "(3072 bit)";
            });
  }

  /** Its own encoding of a role is read by openssl: a UTF8String in its extension. */
  @Test
  void aRoleIsPutIntoARequest() throws Exception {
    OpenSsl openssl = OpenSsl.in(data);
    openssl.write(
        "request.csr", fixture.store().createSigningRequest("gateway", withRole("operator")));

    assertThat(openssl.run("req -in request.csr -noout -verify -text"))
        .contains("verify OK", "DNS:gw", "1.3.6.1.4.1.50316.802.1: \n", "..operator");
    assertThatThrownBy(
            () -> fixture.store().createSigningRequest("gateway", withRole("x".repeat(65))))
        .hasMessageContaining("The role: expected at most 64 printable characters");
  }

  private static KeyRequest withRole(String role) {
    return new KeyRequest(KeyType.EC_P256, "CN=gateway-7", List.of("gw"), role, "");
  }

  @Test
  void aPendingKeyBecomesActiveWithItsCertificate() throws Exception {
    CertificateStoreComponent store = fixture.store();
    String csr =
        store.createSigningRequest(
            "gateway", KeyType.EC_P256, "CN=gateway-7,O=Example", List.of("gw"));
    assertThat(store.active("gateway")).isEmpty();
    assertThat(store.identities())
        .containsExactly(
            new IdentityInfo(
                "gateway",
                State.PENDING,
                "EC P-256",
                "CN=gateway-7,O=Example",
                "",
                "",
                null,
                null,
                List.of("gw"),
                ""));
    assertThatThrownBy(() -> store.clientContext("gateway", ""))
        .hasMessageContaining("Identity 'gateway' waits for its certificate");

    IdentityInfo info = store.importCertificate("gateway", issue(csr, Duration.ofDays(90)));

    assertThat(info.state()).isEqualTo(State.ACTIVE);
    assertThat(info.issuer()).isEqualTo("CN=Plant CA,O=Example");
    assertThat(info.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(store.identities()).containsExactly(info);
    assertThat(fixture.store().active("gateway")).as("after a restart").hasValue(info);
  }

  @Test
  void theActiveIdentityStaysInUseWhileANewOneIsPending() throws Exception {
    CertificateStoreComponent store = fixture.store();
    IdentityInfo first = enroll(store, Duration.ofDays(90));
    String csr = store.createSigningRequest("gateway", KeyType.EC_P256, "CN=gateway-7", List.of());
    assertThat(store.active("gateway")).hasValue(first);
    assertThat(store.identities())
        .extracting(IdentityInfo::state)
        .containsExactly(State.ACTIVE, State.PENDING);
    IdentityInfo second = store.importCertificate("gateway", issue(csr, Duration.ofDays(90)));
    assertThat(second.fingerprint()).isNotEqualTo(first.fingerprint());
    assertThat(fixture.folder.resolve("identities/gateway"))
        .isDirectoryContaining(file -> file.endsWith("previous.p12"));
    assertThat(fixture.folder.resolve("identities/gateway/pending.p12")).doesNotExist();
  }

  @Test
  void refusesACertificateForAnotherKey() throws Exception {
    CertificateStoreComponent store = fixture.store();
    String old = store.createSigningRequest("gateway", KeyType.EC_P256, "CN=a", List.of());
    store.createSigningRequest("gateway", KeyType.EC_P256, "CN=b", List.of());
    String certificate = issue(old, Duration.ofDays(9));
    assertThatThrownBy(() -> store.importCertificate("gateway", certificate))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("Identity 'gateway': The key (EC P-256) does not match");
    assertThatThrownBy(() -> store.importCertificate("other", certificate))
        .hasMessageContaining("Identity 'other' has no key that waits for a certificate");
  }

  // A renewal for the key that is in use: no new key, so no pending one.
  @Test
  void takesARenewedCertificateForTheActiveKey() throws Exception {
    CertificateStoreComponent store = fixture.store();
    String csr = store.createSigningRequest("gateway", KeyType.EC_P256, "CN=a", List.of());
    store.importCertificate("gateway", issue(csr, Duration.ofDays(9)));
    String renewed = issue(csr, Duration.ofDays(99));
    assertThat(store.importCertificate("gateway", renewed).notAfter())
        .isAfter(fixture.clock.instant().plus(Duration.ofDays(98)));
  }

  // Crash after the new certificate went into force and before the pending key was removed.
  @Test
  void removesAPendingKeyThatACrashLeftBehind() throws Exception {
    CertificateStoreComponent store = fixture.store();
    String csr = store.createSigningRequest("gateway", KeyType.EC_P256, "CN=a", List.of());
    Path pending = fixture.folder.resolve("identities/gateway/pending.p12");
    byte[] left = Files.readAllBytes(pending);
    store.importCertificate("gateway", issue(csr, Duration.ofDays(9)));
    Files.write(pending, left);
    assertThat(fixture.store().identities())
        .extracting(IdentityInfo::state)
        .containsExactly(State.ACTIVE);
    assertThat(pending).doesNotExist();
  }

  // Crash after the active key was copied to previous and before the new one went into force.
  @Test
  void aCrashBeforeActivationLeavesEverythingToBeDoneAgain() throws Exception {
    CertificateStoreComponent store = fixture.store();
    IdentityInfo first = enroll(store, Duration.ofDays(90));
    String csr = store.createSigningRequest("gateway", KeyType.EC_P256, "CN=a", List.of());
    Path folder = fixture.folder.resolve("identities/gateway");
    Files.copy(folder.resolve("active.p12"), folder.resolve("previous.p12"));
    CertificateStoreComponent restarted = fixture.store();
    assertThat(restarted.active("gateway")).hasValue(first);
    assertThat(restarted.importCertificate("gateway", issue(csr, Duration.ofDays(9))).subject())
        .isEqualTo("CN=a");
  }

  // facts/security.md: keys 0600; nobody else enters their folder; no unfinished file stays.
  @Test
  void keysAreForTheOwnerOnly() throws Exception {
    enroll(fixture.store(), Duration.ofDays(9));
    fixture.store().createSelfSigned("console", KeyType.EC_P256, "CN=c", List.of(), days(9));
    int keys = 0;
    try (Stream<Path> files = Files.walk(fixture.folder)) {
      for (Path file : files.toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        assertThat(mode).isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
        keys += file.toString().endsWith(".p12") ? 1 : 0;
        assertThat(file.getFileName().toString()).doesNotStartWith(".");
      }
    }
    assertThat(keys).isEqualTo(3);
  }

  @Test
  void aSelfSignedIdentityIsForAServerAndNoAuthority() throws Exception {
    OpenSsl openssl = OpenSsl.in(data);
    CertificateStoreComponent store = fixture.store();
    IdentityInfo info =
        store.createSelfSigned(
            "console", KeyType.EC_P256, "CN=gateway", List.of("localhost", "127.0.0.1"), days(99));
    assertThat(info.alternativeNames()).containsExactly("localhost", "127.0.0.1");
    openssl.run(
        "pkcs12 -nokeys -passin pass:%s -in %s -out console.pem"
            .formatted(
                new String(fixture.secrets.getOrCreate("certificates.keystore")),
                fixture.folder.resolve("identities/console/active.p12").toAbsolutePath()));
    assertThat(openssl.run("x509 -in console.pem -noout -text"))
        .contains("TLS Web Server Authentication", "CA:FALSE", "Digital Signature")
        .contains("DNS:localhost, IP Address:127.0.0.1")
        .doesNotContain("Client Authentication");
  }

  @Test
  void removesAnIdentityInAllItsGenerations() throws Exception {
    CertificateStoreComponent store = fixture.store();
    enroll(store, Duration.ofDays(9));
    enroll(store, Duration.ofDays(9));
    store.createSigningRequest("gateway", KeyType.EC_P256, "CN=a", List.of());
    store.removeIdentity("gateway");
    assertThat(store.identities()).isEmpty();
    assertThat(fixture.folder.resolve("identities/gateway")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../etc", "a/b", ".hidden", "a b", "ä"})
  void refusesNamesThatAreNoNames(String name) {
    CertificateStoreComponent store = fixture.store();
    assertThatThrownBy(() -> store.createSigningRequest(name, KeyType.EC_P256, "CN=a", List.of()))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("expected a name of 1 to 64");
    assertThat(store.active(name)).isEmpty();
    assertThat(fixture.folder).doesNotExist();
  }

  @Test
  void saysWhatIsWrongWithASubjectOrName() {
    CertificateStoreComponent store = fixture.store();
    assertThatThrownBy(
            () -> store.createSigningRequest("a", KeyType.EC_P256, "gateway-7", List.of()))
        .hasMessageContaining("The subject 'gateway-7' is no distinguished name");
    assertThatThrownBy(
            () -> store.createSigningRequest("a", KeyType.EC_P256, "CN=a", List.of("no host")))
        .hasMessageContaining("'no host' is neither a host name nor an IP address");
    assertThatThrownBy(() -> store.clientContext("missing", ""))
        .hasMessageContaining("There is no identity named 'missing'");
    assertThatThrownBy(() -> store.clientContext("", "missing"))
        .hasMessageContaining("There is no set of roots named 'missing'. Present: none");
  }

  @Test
  void tellsListenersAndAuditsEachChange() throws Exception {
    CertificateStoreComponent store = fixture.store();
    enroll(store, Duration.ofDays(9));
    store.importRoots("plant", pem(authority().certificate()));
    store.removeIdentity("gateway");
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.changed)
                    .containsExactly("gateway", "gateway", "plant", "gateway"));
    assertThat(fixture.audited)
        .allMatch(event -> event.action() == AuditEvent.Action.CERTIFICATE)
        .extracting(event -> event.details().get("change"))
        .containsExactly(
            "key and signing request made",
            "certificate authority made",
            "certificate issued",
            "certificate imported",
            "roots imported",
            "identity removed");
  }

  @Test
  void oneListenerThatFailsDoesNotKeepTheOthersFromKnowing() throws Exception {
    fixture.watch.addListener(
        name -> {
          throw new IllegalStateException("expected in this test");
        },
        Map.of("service.id", 0L));
    enroll(fixture.store(), Duration.ofDays(9));
    await().untilAsserted(() -> assertThat(fixture.changed).hasSize(2));
  }

  @Test
  void changesNothingThatCannotBeAudited() {
    CertificateStoreComponent store = fixture.store();
    fixture.auditUnavailable = true;
    assertThatThrownBy(
            () -> store.createSelfSigned("a", KeyType.EC_P256, "CN=a", List.of(), days(1)))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("audit.jsonl");
    assertThat(store.identities()).isEmpty();
  }

  @Test
  void saysWhenItsFileIsDamagedAndListsTheOthers() throws Exception {
    enroll(fixture.store(), Duration.ofDays(90));
    fixture.store().createSelfSigned("console", KeyType.EC_P256, "CN=c", List.of(), days(900));
    Path file = fixture.folder.resolve("identities/gateway/active.p12");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    CertificateStoreComponent store = fixture.store();
    assertThatThrownBy(() -> store.clientContext("gateway", ""))
        .hasMessageContaining(file + " cannot be opened");
    assertThat(store.identities()).extracting(IdentityInfo::name).containsExactly("console");
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.problems())
                    .extracting(Problem::subject)
                    .containsExactly("identity gateway"));
  }

  // Restored without its secret store: the files are of no use, and must not seem new.
  @Test
  void saysThatThePasswordOfItsFilesIsGone() throws Exception {
    enroll(fixture.store(), Duration.ofDays(90));
    fixture.secrets.remove("certificates.keystore");
    CertificateStoreComponent store = fixture.store();
    assertThatThrownBy(() -> store.clientContext("gateway", ""))
        .hasMessageContaining("the secret store has not the password it was made with");
    assertThat(fixture.secrets.get("certificates.keystore")).isEmpty();
  }

  // facts/mqtt-storage.md, Keys: BouncyCastle without registering the provider.
  @Test
  void leavesTheProvidersOfTheJvmAlone() throws Exception {
    enroll(fixture.store(), Duration.ofDays(9));
    assertThat(Security.getProvider("BC")).isNull();
  }

  private static Duration days(int days) {
    return Duration.ofDays(days);
  }

  @Test
  void keepsNoTemporaryFileWhenTheDiskRefuses() throws Exception {
    CertificateStoreComponent store = fixture.store();
    Files.createDirectories(fixture.folder);
    Files.writeString(fixture.folder.resolve("identities"), "a file in the place of the folder");
    assertThatThrownBy(
            () -> store.createSelfSigned("a", KeyType.EC_P256, "CN=a", List.of(), days(1)))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("active.p12 cannot be written")
        .hasCauseInstanceOf(IOException.class);
    assertThat(fixture.audited).extracting(AuditEvent::outcome).containsExactly("ok", "failed");
  }
}
