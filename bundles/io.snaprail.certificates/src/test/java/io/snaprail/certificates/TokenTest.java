package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.health.Problem;
import io.snaprail.certificates.internal.token.HardwareToken;
import io.snaprail.testkit.peer.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys that are made in a hardware token and never leave it: SoftHSM2, and Mosquitto as the peer.
 */
class TokenTest {
  private static final String NAME = "gateway";

  @TempDir Path data;
  private Fixture fixture;
  private TokenComponent token;
  private CertificateStoreComponent store;
  private Authority authority;

  @BeforeEach
  void tokenAndStore() throws Exception {
    SoftHsm.require();
    fixture = new Fixture(data);
    fixture.secrets.put("hsm.pin", SoftHsm.PIN.toCharArray());
    token = token("hsm", SoftHsm.LIBRARY, 0);
    store = fixture.store();
    store.addToken(token);
    authority = fixture.authorities().open("plant", "CN=Plant CA");
  }

  @AfterEach
  void close() throws InterruptedException {
    token.deactivate();
    fixture.close();
  }

  private TokenComponent token(String name, Path library, int slot) {
    return new TokenComponent(hardware(name, library, slot));
  }

  private HardwareToken hardware(String name, Path library, int slot) {
    return new HardwareToken(
        name,
        new HardwareToken.Location(library, slot, "hsm.pin"),
        fixture.secrets,
        fixture.watch::checkAnew);
  }

  private IdentityInfo enroll(KeyType type) throws Exception {
    String csr =
        store.createSigningRequest(
            NAME, new KeyRequest(type, "CN=gateway-7", List.of("gw"), "", "hsm"));
    OpenSsl openssl = OpenSsl.in(data);
    openssl.write("hsm.csr", csr);
    assertThat(openssl.run("req -in hsm.csr -noout -verify -text")).contains("verify OK", "DNS:gw");
    return store.importCertificate(
        NAME, CertificateStoreTest.pem(issue(csr, Use.CLIENT, List.of())));
  }

  private X509Certificate issue(String csr, Use use, List<String> names) throws Exception {
    Instant now = fixture.clock.instant();
    return authority.issue(csr, use, names, now.minusSeconds(60), now.plus(Duration.ofDays(9)));
  }

  /** Every private key in the token, asked for by way of a provider of the test's own. */
  private static List<PrivateKey> keys() throws Exception {
    Provider look =
        Security.getProvider("SunPKCS11")
            .configure("--name=look\nlibrary=" + SoftHsm.LIBRARY + "\nslotListIndex=0\n");
    KeyStore keys = KeyStore.getInstance("PKCS11", look);
    keys.load(null, SoftHsm.PIN.toCharArray());
    List<PrivateKey> found = new ArrayList<>();
    for (String alias : Collections.list(keys.aliases())) {
      if (keys.getKey(alias, null) instanceof PrivateKey key) {
        found.add(key);
      }
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "EC_P256, tlsv1.3",
    "EC_P256, tlsv1.2",
    "EC_P384, tlsv1.3",
    "RSA_2048, tlsv1.3",
    "RSA_2048, tlsv1.2",
  })
  void mosquittoAcceptsAKeyInTheToken(KeyType type, String version) throws Exception {
    IdentityInfo info = enroll(type);
    assertThat(info.token()).isEqualTo("hsm");
    try (TlsBroker broker = broker(version)) {
      assertThat(connect(broker)).isEqualTo("accepted");
    }
    store.removeIdentity(NAME);
  }

  @Test
  void theKeyCannotBeReadAndIsNotOnTheDisk() throws Exception {
    enroll(KeyType.EC_P256);

    assertThat(keys())
        .isNotEmpty()
        .allSatisfy(
            key -> {
              assertThat(key.getEncoded()).isNull();
              assertThat(key.toString()).contains("sensitive", "unextractable");
            });
    String file = Files.readString(data.resolve("certificates/identities/gateway/active.p12"));
    assertThat(file).startsWith("token: hsm\nalias: snaprail-gateway-").doesNotContain("PRIVATE");
    store.removeIdentity(NAME);
  }

  @Test
  void aKeyThatNoGenerationHoldsIsRemovedFromTheToken() throws Exception {
    int before = keys().size();
    enroll(KeyType.EC_P256);
    enroll(KeyType.EC_P256);
    assertThat(keys()).as("active and previous").hasSize(before + 2);
    enroll(KeyType.EC_P256);
    assertThat(keys()).as("the one before previous is gone").hasSize(before + 2);

    store.removeIdentity(NAME);

    assertThat(keys()).hasSize(before);
  }

  @Test
  void theKeyIsThereAfterARestart() throws Exception {
    IdentityInfo made = enroll(KeyType.EC_P256);
    token.deactivate();
    token = token("hsm", SoftHsm.LIBRARY, 0);
    store = fixture.store();

    assertThatThrownBy(() -> store.clientContext(NAME, ""))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("There is no hardware token named 'hsm'");
    store.addToken(token);

    assertThat(store.active(NAME)).hasValue(made);
    try (TlsBroker broker = broker("tlsv1.3")) {
      assertThat(connect(broker)).isEqualTo("accepted");
    }
    store.removeIdentity(NAME);
  }

  /** A token that was pulled out and put back: its keys' handles are dead, its keys are not. */
  @Test
  void aLostSessionIsOpenedAnew() throws Exception {
    IdentityInfo made = enroll(KeyType.EC_P256);
    try (TlsBroker broker = broker("tlsv1.3")) {
      assertThat(connect(broker)).isEqualTo("accepted");
      // PKCS#11 2.40, 5.6: logging out is the whole process's, and handles of private keys end.
      AuthProvider another =
          (AuthProvider)
              Security.getProvider("SunPKCS11")
                  .configure("--name=puller\nlibrary=" + SoftHsm.LIBRARY + "\nslotListIndex=0\n");
      KeyStore keys = KeyStore.getInstance("PKCS11", another);
      keys.load(null, SoftHsm.PIN.toCharArray());
      another.logout();

      assertThat(connect(broker)).isEqualTo("accepted");
    }
    assertThat(store.active(NAME)).hasValue(made);
    assertThat(fixture.problems())
        .extracting(Problem::subject)
        .doesNotContain("hardware token hsm");
    store.removeIdentity(NAME);
  }

  /** The new key is made in the token as the old one was, and the old one goes from there. */
  @Test
  void aRotationStaysInTheToken() throws Exception {
    int before = keys().size();
    try (RotationRig rig = new RotationRig(fixture, store).withIssuer()) {
      rig.enroll(Duration.ofDays(9), "hsm");
      rig.connect();
      int providers = Security.getProviders().length;
      for (int round = 1; round <= 3; round++) {
        CompletableFuture<RotationState> outcome = rig.rotate();
        await()
            .until(
                () -> {
                  rig.connect();
                  return outcome.isDone();
                });
        assertThat(outcome).isCompleted();
        assertThat(store.active(NAME).orElseThrow().token()).isEqualTo("hsm");
        assertThat(keys()).as("active and previous").hasSize(before + 2);
        assertThat(Security.getProviders()).hasSize(providers);
      }
    }
    store.removeIdentity(NAME);
    assertThat(keys()).hasSize(before);
  }

  @Test
  void whatIsWrongWithATokenIsSaid() {
    token.deactivate();
    fixture.secrets.put("hsm.pin", "0000".toCharArray());
    assertThatThrownBy(() -> hardware("a", SoftHsm.LIBRARY, 0).check())
        .hasMessageContaining("The hardware token 'a' cannot be opened")
        .hasMessageContaining("CKR_PIN_INCORRECT");
    fixture.secrets.remove("hsm.pin");
    assertThatThrownBy(() -> hardware("b", SoftHsm.LIBRARY, 0).check())
        .hasMessageContaining("there is no secret 'hsm.pin'");
    HardwareToken missing = hardware("c", Path.of("/nowhere.so"), 0);
    assertThatThrownBy(missing::check).hasMessageContaining("/nowhere.so, which is not there");

    TokenComponent bad = token("d", Path.of("/nowhere.so"), 0);
    store.addToken(bad);
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.problems())
                    .extracting(Problem::subject)
                    .contains("hardware token d"));
  }

  /**
   * A broker that takes clients of the plant's authority only; its own certificate is from there.
   */
  private TlsBroker broker(String version) throws Exception {
    OpenSsl openssl = OpenSsl.in(data);
    openssl.write("ca.pem", CertificateStoreTest.pem(authority.certificate()));
    openssl.run(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key"
            + " -subj /CN=localhost -out server.csr");
    openssl.write(
        "server.pem",
        CertificateStoreTest.pem(
            issue(openssl.read("server.csr"), Use.SERVER, List.of("localhost"))));
    store.importRoots("plant", openssl.read("ca.pem"));
    return TlsBroker.start(data, "tls_version " + version);
  }

  private String connect(TlsBroker broker) throws Exception {
    return broker.connect(store.clientContext(NAME, "plant"));
  }
}
