package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line of the audit log names who asked for the change: AuditEvent.actor and origin. */
class AuditedActorTest {
  private static final Actor ANNA = new Actor("anna", "192.0.2.9");
  private static final Actor SYSTEM = Actor.system("certificates");

  @TempDir Path data;
  private RotationRig rig;

  @BeforeEach
  void start() {
    rig = new RotationRig(data).withIssuer();
  }

  @AfterEach
  void stop() throws Exception {
    rig.close();
  }

  @FunctionalInterface
  private interface Work {
    void run() throws CertificateStoreException;
  }

  private static void asAnna(Work work) throws CertificateStoreException {
    Actor.Scope scope = ANNA.enter();
    try {
      work.run();
    } finally {
      scope.close();
    }
  }

  private List<Actor> actors() {
    return rig.fixture.audited.stream()
        .map(event -> new Actor(event.actor(), event.origin()))
        .toList();
  }

  @Test
  void whatAPersonChangesIsTheirs() throws Exception {
    // A key, an authority, what it signs, and what comes of it.
    asAnna(rig::enroll);
    assertThat(actors()).hasSize(4).containsOnly(ANNA);

    rig.store.removeIdentity(RotationRig.NAME);
    assertThat(actors()).last().isEqualTo(SYSTEM);
  }

  @Test
  void soIsAChangeThatFails() throws Exception {
    Files.createDirectories(rig.fixture.folder);
    Files.writeString(rig.fixture.folder.resolve("identities"), "a file in the folder's place");
    assertThatThrownBy(() -> asAnna(() -> rig.store.createSigningRequest("a", request("CN=a"))))
        .isInstanceOf(CertificateStoreException.class);
    assertThat(rig.fixture.audited).extracting(AuditEvent::outcome).containsExactly("ok", "failed");
    assertThat(actors()).containsOnly(ANNA);
  }

  private static KeyRequest request(String subject) {
    return new KeyRequest(KeyType.EC_P256, subject, List.of(), "", "");
  }

  @Test
  void whatTheGatewayDoesByItselfIsItsOwn() throws Exception {
    rig.store.createSelfSigned("own", KeyType.EC_P256, "CN=own", List.of(), Duration.ofDays(1));
    assertThat(actors()).containsExactly(SYSTEM);
  }

  /** Its steps are those of another thread, and of whenever the issuer answers. */
  @Test
  void theStepsOfARotationByHandAreTheirsUntilAConnectionDecides() throws Exception {
    rig.enroll();
    rig.connect();
    rig.fixture.audited.clear();
    rig.issuer.answer = new CompletableFuture<>();
    CompletableFuture<?>[] outcome = new CompletableFuture<?>[1];
    asAnna(() -> outcome[0] = rig.rotate());
    await().until(() -> rig.issuer.asked.size() == 1);
    rig.issuer.answer.complete(rig.issuer.sign(rig.issuer.asked.get(0), Duration.ofDays(90)));
    await().until(() -> rig.state().phase() == Phase.TRIAL);
    assertThat(ofTheStore()).isNotEmpty().allMatch(event -> event.actor().equals("anna"));

    rig.connect();
    assertThat(((RotationState) outcome[0].get(20, TimeUnit.SECONDS)).phase())
        .isEqualTo(Phase.DONE);
    assertThat(ofTheStore()).last().extracting(AuditEvent::actor).isEqualTo("system");
  }

  /** Without the lines of the issuer, which is the test's. */
  private List<AuditEvent> ofTheStore() {
    return rig.fixture.audited.stream()
        .filter(event -> event.subject().equals(RotationRig.NAME))
        .toList();
  }
}
