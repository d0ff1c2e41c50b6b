package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.Problem;
import io.snaprail.certificates.internal.store.Identities;
import io.snaprail.certificates.internal.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new certificate is tried out before the old one goes (facts/aws-iot.md, Rotation). */
class RotationTest {
  private static final String NAME = "gateway";

  @TempDir Path data;
  private Fixture fixture;
  private CertificateStoreComponent store;
  private IdentityInfo first;

  @BeforeEach
  void activeIdentity() throws Exception {
    fixture = new Fixture(data);
    store = fixture.store();
    first = enroll();
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private IdentityInfo enroll() throws Exception {
    String csr = store.createSigningRequest(NAME, KeyType.EC_P256, "CN=gateway-7", List.of());
    Instant now = fixture.clock.instant();
    X509Certificate certificate =
        fixture
            .authorities()
            .open("plant", "CN=Plant CA")
            .issue(csr, Use.CLIENT, List.of(), now.minusSeconds(60), now.plus(Duration.ofDays(90)));
    return store.importCertificate(NAME, CertificateStoreTest.pem(certificate));
  }

  private SSLContext next() throws Exception {
    return store.clientContext(NAME, "");
  }

  private List<State> states() {
    return store.identities().stream().map(IdentityInfo::state).toList();
  }

  private String active() {
    return store.active(NAME).orElseThrow().fingerprint();
  }

  @Test
  void whatNobodyUsesIsReplacedAtOnce() throws Exception {
    IdentityInfo second = enroll();

    assertThat(second.state()).isEqualTo(State.ACTIVE);
    assertThat(store.active(NAME)).hasValue(second);
    assertThat(states()).containsExactly(State.ACTIVE, State.PREVIOUS);
  }

  @Test
  void whatIsInUseIsReplacedOnceTheNewOneIsAccepted() throws Exception {
    store.accepted(next());
    IdentityInfo second = enroll();

    assertThat(second.state()).isEqualTo(State.TRIAL);
    assertThat(active()).isEqualTo(first.fingerprint());
    assertThat(states()).containsExactly(State.ACTIVE, State.TRIAL);

    store.accepted(next());

    assertThat(active()).isEqualTo(second.fingerprint());
    assertThat(states()).containsExactly(State.ACTIVE, State.PREVIOUS);
    assertThat(fixture.store().active(NAME).orElseThrow().fingerprint())
        .as("after a restart")
        .isEqualTo(second.fingerprint());
  }

  /** A context from before the trial says nothing of the new certificate. */
  @Test
  void anAcceptedOldCertificateDoesNotEndATrial() throws Exception {
    SSLContext before = next();
    enroll();
    store.accepted(before);
    assertThat(states()).containsExactly(State.ACTIVE, State.TRIAL);
  }

  @Test
  void afterAFailureOfTheNewOneTheOldOneIsShown() throws Exception {
    next();
    enroll();
    store.failed(next());
    store.accepted(next());

    assertThat(states()).as("one failure is not enough").contains(State.TRIAL);
    assertThat(fixture.problems()).isEmpty();
  }

  @Test
  void threeFailuresEachWithTheOldOneAcceptedDiscardTheNewOne() throws Exception {
    next();
    enroll();
    for (int i = 0; i < 3; i++) {
      assertThat(states()).as("round %d", i).contains(State.TRIAL);
      store.failed(next());
      store.accepted(next());
    }

    assertThat(states()).containsExactly(State.ACTIVE);
    assertThat(active()).isEqualTo(first.fingerprint());
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.problems())
                    .extracting(Problem::message)
                    .singleElement()
                    .asString()
                    .contains("was discarded", "The old one stays in force"));

    enroll();
    assertThat(states()).as("the next one gets its chance").contains(State.TRIAL);
    await().untilAsserted(() -> assertThat(fixture.problems()).isEmpty());
  }

  /** A network that is down refuses both: nothing can be said of the new one. */
  @Test
  void anOutageDecidesNothing() throws Exception {
    next();
    IdentityInfo second = enroll();
    for (int i = 0; i < 20; i++) {
      store.failed(next());
    }
    assertThat(states()).contains(State.TRIAL);

    // Whichever is the next, the new one comes soon.
    store.failed(next());
    store.accepted(next());
    store.accepted(next());
    assertThat(active()).isEqualTo(second.fingerprint());
  }

  @Test
  void aTrialGoesOnAfterARestart() throws Exception {
    next();
    IdentityInfo second = enroll();
    store.failed(next());

    store = fixture.store();

    assertThat(states()).containsExactly(State.ACTIVE, State.TRIAL);
    store.accepted(next());
    assertThat(active()).isEqualTo(second.fingerprint());
  }

  @Test
  void aTrialIsEndedByHand() throws Exception {
    next();
    IdentityInfo second = enroll();
    assertThat(store.commit(NAME).fingerprint()).isEqualTo(second.fingerprint());
    assertThat(active()).isEqualTo(second.fingerprint());
    assertThatThrownBy(() -> store.commit(NAME)).hasMessageContaining("has nothing on trial");

    enroll();
    assertThat(store.rollBack(NAME).fingerprint()).isEqualTo(second.fingerprint());
    assertThat(states()).containsExactly(State.ACTIVE, State.PREVIOUS);
  }

  @Test
  void rollsBackToThePreviousGenerationByWayOfATrial() throws Exception {
    IdentityInfo second = enroll();
    next();

    assertThat(store.rollBack(NAME).state()).isEqualTo(State.TRIAL);
    assertThat(active()).isEqualTo(second.fingerprint());
    store.accepted(next());

    assertThat(active()).isEqualTo(first.fingerprint());
    assertThat(store.identities())
        .filteredOn(i -> i.state() == State.PREVIOUS)
        .extracting(IdentityInfo::fingerprint)
        .containsExactly(second.fingerprint());
  }

  @Test
  void withoutAPreviousGenerationThereIsNoWayBack() {
    assertThatThrownBy(() -> store.rollBack(NAME))
        .hasMessageContaining("neither a trial that could be ended nor a previous generation");
  }

  /** The commit writes previous, active, and removes the trial: a cut after each of them. */
  @Test
  void aCutAtAnyStepOfTheCommitLeavesTheOldOrTheNewOne() throws Exception {
    next();
    IdentityInfo second = enroll();
    Path folder = fixture.folder.resolve("identities").resolve(NAME);
    byte[] trial = Files.readAllBytes(folder.resolve("trial.p12"));
    byte[] active = Files.readAllBytes(folder.resolve("active.p12"));

    Files.write(folder.resolve("previous.p12"), active);
    store = fixture.store();
    assertThat(active()).isEqualTo(first.fingerprint());
    assertThat(states()).contains(State.TRIAL);

    Files.write(folder.resolve("active.p12"), trial);
    store = fixture.store();
    assertThat(active()).isEqualTo(second.fingerprint());
    assertThat(states()).containsExactly(State.ACTIVE, State.PREVIOUS);
    assertThat(folder.resolve("trial.p12")).doesNotExist();
  }

  /** A trial that nobody ends is a certificate that never comes into force. */
  @Test
  void aTrialThatNobodyEndsIsSaidAfterTenMinutes() throws Exception {
    next();
    enroll();
    AtomicLong nanos = new AtomicLong();
    Identities identities =
        new Identities(fixture.folder.resolve("identities"), fixture.secrets, new Tokens());
    Rotation rotation =
        new Rotation(identities, new Changes(event -> {}, fixture.watch), nanos::get);

    assertThat(rotation.problems()).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(9).toNanos());
    assertThat(rotation.problems()).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(rotation.problems())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("on trial for more than 10 min", "by hand, or discard it");

    rotation.commit(NAME);
    assertThat(rotation.problems()).isEmpty();
  }

  @Test
  void aDamagedTrialDoesNotTakeTheActiveOneWithIt() throws Exception {
    next();
    enroll();
    damage(fixture.folder.resolve("identities").resolve(NAME).resolve("trial.p12"));
    store = fixture.store();

    assertThat(active()).isEqualTo(first.fingerprint());
    assertThat(next()).isNotNull();
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
