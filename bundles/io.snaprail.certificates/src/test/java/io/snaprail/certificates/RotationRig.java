package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.SigningOrder;
import io.snaprail.certificates.internal.store.KeyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** A store with rotations and an issuer, and a client that uses the identity. */
final class RotationRig implements AutoCloseable {
  static final Duration PAUSE = Duration.ofMillis(50);
  static final String NAME = "gateway";
  static final List<String> HOSTS = List.of("gw.example", "192.0.2.7");
  private static final String ROLE = "Engineer";

  final Fixture fixture;
  final CertificateStoreComponent store;
  final CertificateRotationsComponent rotations;
  final Issuer issuer;

  /** Over a folder that may hold what another left. */
  RotationRig(Path data) {
    this(data, new Patience(Duration.ofSeconds(30), Duration.ofSeconds(5), RotationRig.PAUSE));
  }

  RotationRig(Path data, Patience patience) {
    this(new Fixture(data), patience);
  }

  private RotationRig(Fixture fixture, Patience patience) {
    this(fixture, storeOf(fixture), patience);
  }

  private static CertificateStoreComponent storeOf(Fixture fixture) {
    // What a secret store keeps on disk.
    fixture.secrets.getOrCreate(KeyFile.PASSWORD);
    return fixture.store();
  }

  /** Around a store that is there. */
  RotationRig(Fixture fixture, CertificateStoreComponent store) {
    this(fixture, store, new Patience(Duration.ofSeconds(30), Duration.ofSeconds(5), PAUSE));
  }

  private RotationRig(Fixture fixture, CertificateStoreComponent store, Patience patience) {
    this.fixture = fixture;
    this.store = store;
    issuer = new Issuer(fixture);
    rotations =
        new CertificateRotationsComponent(
            fixture.folder, store, fixture.authorities(), fixture.watch, patience);
  }

  RotationRig withIssuer() {
    rotations.addIssuer(issuer, Map.of(CertificateIssuer.NAME, "plant", "service.id", 7L));
    return this;
  }

  IdentityInfo enroll() throws CertificateStoreException {
    return enroll(Duration.ofDays(90), "");
  }

  IdentityInfo enroll(Duration life, String token) throws CertificateStoreException {
    String csr =
        store.createSigningRequest(
            NAME, new KeyRequest(KeyType.EC_P256, "CN=gateway-7,O=Example", HOSTS, ROLE, token));
    return store.importCertificate(NAME, issuer.sign(csr, life));
  }

  SSLContext next() throws CertificateStoreException {
    return store.clientContext(NAME, "");
  }

  /** Connects, and the other side accepts. */
  void connect() throws CertificateStoreException {
    store.accepted(next());
  }

  CompletableFuture<RotationState> rotate() {
    return rotations.rotate(NAME, "plant", "by hand").toCompletableFuture();
  }

  RotationState state() {
    return rotations.rotations().stream()
        .filter(state -> state.identity().equals(NAME))
        .findFirst()
        .orElseThrow();
  }

  String active() {
    return store.active(NAME).orElseThrow().fingerprint();
  }

  List<State> states() {
    return store.identities().stream().map(IdentityInfo::state).toList();
  }

  @Override
  public void close() throws InterruptedException {
    rotations.deactivate();
    fixture.close();
  }

  /** Signs, or does what a test wants. */
  static final class Issuer implements CertificateIssuer {
    final List<String> retired = new CopyOnWriteArrayList<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Fixture fixture;
    volatile CompletableFuture<String> answer;
    volatile CompletableFuture<Void> retirement = CompletableFuture.completedFuture(null);

    Issuer(Fixture fixture) {
      this.fixture = fixture;
    }

    String sign(String csr, Duration life) throws CertificateStoreException {
      Instant now = fixture.clock.instant();
      try {
        return CertificateStoreTest.pem(
            fixture
                .authorities()
                .open("plant", "CN=Plant CA")
                .issue(csr, Use.CLIENT, HOSTS, now.minusSeconds(60), now.plus(life)));
      } catch (CertificateStoreException failure) {
        throw failure;
      } catch (Exception impossible) {
        throw new AssertionError(impossible);
      }
    }

    @Override
    public CompletionStage<String> issue(SigningOrder order) {
      asked.add(order.csr());
      if (answer != null) {
        return answer;
      }
      try {
        return CompletableFuture.completedFuture(sign(order.csr(), Duration.ofDays(90)));
      } catch (CertificateStoreException failure) {
        return CompletableFuture.failedFuture(failure);
      }
    }

    @Override
    public CompletionStage<Void> retired(String identity, String fingerprint) {
      retired.add(fingerprint);
      return retirement;
    }
  }
}
