package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import io.snaprail.api.health.Problem;
import io.snaprail.testkit.TypedConfig;
import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and certificates replace themselves (facts/aws-iot.md, Rotation). */
class RotationsTest {
  private static final String NAME = RotationRig.NAME;

  @TempDir Path data;
  private RotationRig rig;

  @BeforeEach
  void rig() {
    rig = new RotationRig(data).withIssuer();
  }

  @AfterEach
  void close() throws InterruptedException {
    rig.close();
  }

  private static RotationState get(CompletableFuture<RotationState> outcome) throws Exception {
    return outcome.get(20, TimeUnit.SECONDS);
  }

  private static String failure(CompletableFuture<RotationState> outcome) {
    ThrowingCallable wait = () -> get(outcome);
    assertThatThrownBy(wait).hasCauseInstanceOf(CertificateStoreException.class);
    return outcome.handle((state, failure) -> String.valueOf(failure.getMessage())).join();
  }

  private void awaitPhase(Phase phase) {
    await().until(() -> rig.state().phase() == phase);
  }

  private List<String> problems() {
    return rig.fixture.problems().stream().map(Problem::message).toList();
  }

  @Test
  void aNewKeyIsSignedTriedAcceptedAndTheOldCertificateRetired() throws Exception {
    IdentityInfo old = rig.enroll();
    rig.connect();

    CompletableFuture<RotationState> outcome = rig.rotate();
    awaitPhase(Phase.TRIAL);
    assertThat(outcome).isNotDone();
    assertThat(rig.active()).as("until a connection is accepted").isEqualTo(old.fingerprint());
    assertThat(rig.fixture.changed).as("whoever uses it asks anew").contains(NAME);
    rig.connect();

    RotationState state = get(outcome);
    assertThat(state.phase()).isEqualTo(Phase.DONE);
    assertThat(state.oldFingerprint()).isEqualTo(old.fingerprint());
    assertThat(state.newFingerprint()).isEqualTo(rig.active()).isNotEqualTo(old.fingerprint());
    IdentityInfo now = rig.store.active(NAME).orElseThrow();
    assertThat(now.subject()).isEqualTo(old.subject());
    assertThat(rig.states()).containsExactly(State.ACTIVE, State.PREVIOUS);
    await().until(() -> rig.issuer.retired.equals(List.of(old.fingerprint())));
    assertThat(rig.fixture.audited)
        .anySatisfy(e -> assertThat(e.details().values()).asString().contains("rotation"));
  }

  /** The request has all that the old one had, and a key of its own. */
  @Test
  void theRequestIsLikeTheOldCertificate() throws Exception {
    rig.enroll();
    get(commit(rig.rotate()));
    OpenSsl openssl = OpenSsl.in(data);
    openssl.write("new.csr", rig.issuer.asked.get(0));
    assertThat(openssl.run("req -in new.csr -noout -verify -text"))
        .contains("verify OK", "O = Example", "DNS:gw.example", "IP Address:192.0.2.7")
        .contains("prime256v1");
  }

  private CompletableFuture<RotationState> commit(CompletableFuture<RotationState> outcome) {
    await()
        .until(
            () -> {
              rig.connect();
              return outcome.isDone();
            });
    return outcome;
  }

  @Test
  void whatNobodyAcceptsIsDiscardedAndRetired() throws Exception {
    IdentityInfo old = rig.enroll();
    rig.connect();
    CompletableFuture<RotationState> outcome = rig.rotate();
    awaitPhase(Phase.TRIAL);
    String fresh = rig.state().newFingerprint();
    for (int i = 0; i < 3; i++) {
      rig.store.failed(rig.next());
      rig.connect();
    }

    assertThat(failure(outcome)).contains("was discarded", "The old one stays in force");
    assertThat(rig.state().phase()).isEqualTo(Phase.FAILED);
    assertThat(rig.active()).isEqualTo(old.fingerprint());
    await().until(() -> rig.issuer.retired.equals(List.of(fresh)));
  }

  @Test
  void aRefusalOfTheIssuerIsSaidAndLeavesNothing() throws Exception {
    rig.enroll();
    rig.issuer.answer =
        CompletableFuture.failedFuture(new CertificateStoreException("the template is not active"));

    assertThat(failure(rig.rotate()))
        .contains("identity 'gateway'", "issuer 'plant'", "the template is not active");
    assertThat(rig.states()).containsExactly(State.ACTIVE);
    await().untilAsserted(() -> assertThat(problems()).anyMatch(m -> m.contains("not active")));

    rig.issuer.answer = null;
    get(commit(rig.rotate()));
    await().untilAsserted(() -> assertThat(problems()).isEmpty());
  }

  @Test
  void anIssuerThatThrowsOrSendsRubbishIsSaid() throws Exception {
    rig.enroll();
    rig.issuer.answer = CompletableFuture.failedFuture(new IllegalStateException("no connection"));
    assertThat(failure(rig.rotate())).contains("it failed with", "no connection");
    rig.issuer.answer = CompletableFuture.completedFuture("rubbish");
    assertThat(failure(rig.rotate())).contains("PEM");
    rig.issuer.answer =
        CompletableFuture.completedFuture(
            CertificateStoreTest.pem(
                rig.fixture.authorities().open("x", "CN=Other").certificate()));
    assertThat(failure(rig.rotate())).contains("does not match");
    assertThat(rig.states()).containsExactly(State.ACTIVE);
  }

  /** What comes after the time is retired: otherwise the issuer believes it to be in use. */
  @Test
  void anAnswerThatComesTooLateIsRetired() throws Exception {
    rig.close();
    rig =
        new RotationRig(
            data, new Patience(Duration.ofMillis(50), Duration.ofSeconds(5), RotationRig.PAUSE));
    rig.withIssuer().enroll();
    CompletableFuture<String> answer = new CompletableFuture<>();
    rig.issuer.answer = answer;

    assertThat(failure(rig.rotate())).contains("did not answer within");
    answer.complete(rig.issuer.sign(rig.issuer.asked.get(0), Duration.ofDays(9)));
    await().until(() -> rig.issuer.retired.size() == 1);
    assertThat(rig.states()).containsExactly(State.ACTIVE);
  }

  @Test
  void whatCannotBeginSaysWhy() throws Exception {
    assertThat(failure(rig.rotate())).contains("There is no identity named 'gateway'");
    rig.enroll();
    assertThat(failure(rig.rotations.rotate(NAME, "aws", "x").toCompletableFuture()))
        .contains("no issuer named 'aws'", "Present: plant");
    assertThat(failure(rig.rotations.rotate(NAME, "", "x").toCompletableFuture()))
        .contains("Nobody is named who signs");
    assertThat(failure(rig.rotations.rotate(NAME, "plant", " ").toCompletableFuture()))
        .contains("The reason");
    rig.store.createSigningRequest(NAME, KeyType.EC_P256, "CN=other", List.of());
    assertThat(failure(rig.rotate())).contains("signing request that waits");
    assertThat(rig.states()).containsExactly(State.ACTIVE, State.PENDING);
    rig.store.discardRequest(NAME);
    assertThatThrownBy(() -> rig.store.discardRequest(NAME)).hasMessageContaining("no signing");
    assertThat(rig.states()).containsExactly(State.ACTIVE);
  }

  @Test
  void aSecondOneJoinsOrIsRefused() throws Exception {
    rig.enroll();
    CompletableFuture<String> answer = new CompletableFuture<>();
    rig.issuer.answer = answer;
    CompletableFuture<RotationState> first = rig.rotate();
    CompletableFuture<RotationState> same = rig.rotate();
    assertThat(failure(rig.rotations.rotate(NAME, "plant", "job 1").toCompletableFuture()))
        .contains("is being rotated already (by hand, by plant");
    await().until(() -> !rig.issuer.asked.isEmpty());
    answer.complete(rig.issuer.sign(rig.issuer.asked.get(0), Duration.ofDays(9)));
    get(commit(first));
    assertThat(get(same)).isEqualTo(first.join());
    assertThat(rig.issuer.asked).hasSize(1);
  }

  @Test
  void whatOnlyServersShowIsReplacedAtOnce() throws Exception {
    IdentityInfo old = rig.enroll();
    rig.store.serverContext(NAME, "");

    assertThat(get(rig.rotate()).oldFingerprint()).isEqualTo(old.fingerprint());
    assertThat(rig.states()).containsExactly(State.ACTIVE, State.PREVIOUS);
  }

  /** Right after a start nobody has asked for it yet; its trial would never end. */
  @Test
  void aTrialOfWhatOnlyServersShowIsEnded() throws Exception {
    rig.enroll();
    CompletableFuture<RotationState> outcome = rig.rotate();
    awaitPhase(Phase.TRIAL);
    rig.rotations.look();
    awaitTheLook();
    assertThat(outcome).as("nobody has shown it yet: it may be a client's").isNotDone();
    rig.store.serverContext(NAME, "");
    rig.rotations.look();

    assertThat(get(outcome).phase()).isEqualTo(Phase.DONE);
    assertThat(rig.states()).containsExactly(State.ACTIVE, State.PREVIOUS);
  }

  /** The console's own certificate: its names stay, and who trusts the root needs nothing new. */
  @Test
  void anOwnAuthorityRenewsWhatItWasGoodFor() throws Exception {
    rig.store.createSelfSigned(
        "console", KeyType.EC_P384, "CN=console", List.of("localhost"), Duration.ofDays(100));
    rig.store.serverContext("console", "");

    get(rig.rotations.rotate("console", "authority:site", "by hand").toCompletableFuture());

    IdentityInfo now = rig.store.active("console").orElseThrow();
    assertThat(now.issuer()).isEqualTo("CN=Snaprail authority site,O=Snaprail");
    assertThat(now.keyAlgorithm()).isEqualTo("EC P-384");
    assertThat(now.alternativeNames()).containsExactly("localhost");
    assertThat(Duration.between(rig.fixture.clock.instant(), now.notAfter()))
        .isBetween(Duration.ofDays(99), Duration.ofDays(101));
    assertThat(rig.store.rootSets()).contains("site");
    rig.store.importRoots("all", rig.store.rootsPem("site"));
    try (TlsServer server = new TlsServer(rig.store.serverContext("console", ""))) {
      assertThat(answer(server, rig.store.clientContext("", "all"))).isEqualTo(42);
    }
  }

  private static int answer(TlsServer server, SSLContext context) throws IOException {
    try (Socket socket = context.getSocketFactory().createSocket("localhost", server.port())) {
      socket.setSoTimeout(5000);
      return socket.getInputStream().read();
    }
  }

  @Test
  void aRotationThatARestartCutGoesOn() throws Exception {
    rig.enroll();
    rig.connect();
    rig.issuer.answer = new CompletableFuture<>();
    CompletableFuture<RotationState> lost = rig.rotate();
    await().until(() -> !rig.issuer.asked.isEmpty());
    String csr = rig.issuer.asked.get(0);
    rig.close();
    assertThat(failure(lost)).contains("goes on when it starts again");

    rig = new RotationRig(data);
    assertThat(rig.state().phase()).isEqualTo(Phase.SIGNING);
    rig.withIssuer();
    awaitPhase(Phase.TRIAL);
    assertThat(rig.issuer.asked).as("the same key").containsExactly(csr);
    rig.connect();
    awaitPhase(Phase.DONE);
    assertThat(rig.state().reason()).isEqualTo("by hand");
  }

  @Test
  void anIssuerThatDoesNotComeEndsTheRotation() throws Exception {
    rig.enroll();
    rig.issuer.answer = new CompletableFuture<>();
    CompletableFuture<RotationState> lost = rig.rotate();
    await().until(() -> !rig.issuer.asked.isEmpty());
    rig.close();
    assertThat(lost).isCompletedExceptionally();

    rig =
        new RotationRig(
            data, new Patience(Duration.ofSeconds(5), Duration.ZERO, RotationRig.PAUSE));
    await().atMost(Duration.ofSeconds(20)).until(() -> rig.state().phase() == Phase.FAILED);
    assertThat(rig.state().message()).contains("the issuer 'plant' has not come");
    assertThat(rig.states()).containsExactly(State.ACTIVE);
  }

  /** An issuer that was away, or a gateway that was cut, is told later. */
  @Test
  void whatCouldNotBeRetiredIsRetiredAfterARestart() throws Exception {
    IdentityInfo old = rig.enroll();
    rig.issuer.retirement =
        CompletableFuture.failedFuture(new CertificateStoreException("no line"));
    get(commit(rig.rotate()));
    await().untilAsserted(() -> assertThat(problems()).anyMatch(m -> m.contains("no line")));
    rig.close();

    rig = new RotationRig(data).withIssuer();
    await().until(() -> rig.issuer.retired.equals(List.of(old.fingerprint())));
    await().untilAsserted(() -> assertThat(problems()).isEmpty());
    rig.close();
    rig = new RotationRig(data).withIssuer();
    rig.store.removeIdentity(NAME);
    await().until(() -> rig.rotations.rotations().isEmpty());
    assertThat(rig.issuer.retired).as("once").isEmpty();
  }

  private void schedule(int daysBefore, int everyDays) {
    RotationSchedule.Config config =
        TypedConfig.of(
            RotationSchedule.Config.class,
            Map.of(
                "identity", NAME,
                "issuer", "plant",
                "days.before", daysBefore,
                "every.days", everyDays,
                "jitter.hours", 0));
    rig.rotations.addSchedule(
        new RotationSchedule(
            config, Map.of("service.pid", "io.snaprail.certificates.rotation~gw")));
  }

  @Test
  void aScheduleRotatesBeforeTheEndAndAgainBeforeTheNext() throws Exception {
    rig.enroll();
    schedule(30, 0);
    for (int round = 0; round < 2; round++) {
      String old = rig.active();
      rig.fixture.clock.advance(Duration.ofDays(59));
      rig.rotations.look();
      awaitTheLook();
      assertThat(rig.active()).isEqualTo(old);
      rig.fixture.clock.advance(Duration.ofDays(2));
      rig.rotations.look();
      await().until(() -> rig.states().contains(State.TRIAL));
      rig.connect();
      awaitPhase(Phase.DONE);
      assertThat(rig.state().reason()).isEqualTo("schedule 'gw'");
      assertThat(rig.active()).isNotEqualTo(old);
    }
  }

  /** Whatever comes after the look in the one thread comes after it. */
  private void awaitTheLook() {
    failure(rig.rotations.rotate("nobody", "plant", "nothing").toCompletableFuture());
  }

  @Test
  void aScheduleThatWouldNeverRestIsSaid() throws Exception {
    rig.enroll(Duration.ofDays(20), "");
    schedule(30, 0);
    rig.rotations.look();
    await()
        .untilAsserted(
            () -> assertThat(problems()).anyMatch(m -> m.contains("due as soon as it is made")));
    assertThat(rig.issuer.asked).isEmpty();
  }

  @Test
  void aScheduleThatFailsIsTriedAgainAnHourLater() throws Exception {
    rig.enroll();
    schedule(30, 0);
    rig.fixture.clock.advance(Duration.ofDays(70));
    rig.issuer.answer = CompletableFuture.failedFuture(new CertificateStoreException("away"));
    rig.rotations.look();
    awaitPhase(Phase.FAILED);
    rig.rotations.look();
    rig.fixture.clock.advance(Duration.ofMinutes(59));
    rig.rotations.look();
    rig.issuer.answer = null;
    rig.fixture.clock.advance(Duration.ofMinutes(2));
    rig.rotations.look();
    awaitPhase(Phase.TRIAL);
    assertThat(rig.issuer.asked).hasSize(2);
  }
}
