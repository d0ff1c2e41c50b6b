package io.snaprail.console;

import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Rotations that end as a test says: by the issuer's name. */
final class FakeRotations implements CertificateRotations {
  final List<RotationState> states = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<RotationState> rotate(String identity, String issuer, String reason) {
    if (issuer.isEmpty()) {
      return CompletableFuture.failedStage(
          new CertificateStoreException(
              "Nobody is named who signs for identity '" + identity + "'"));
    }
    Phase phase = issuer.equals("quick") ? Phase.DONE : Phase.SIGNING;
    RotationState state =
        new RotationState(identity, issuer, reason, phase, FakeGateway.T0, "0a", "", "");
    states.add(state);
    return phase == Phase.DONE
        ? CompletableFuture.completedStage(state)
        : new CompletableFuture<RotationState>().minimalCompletionStage();
  }

  @Override
  public List<RotationState> rotations() {
    return List.copyOf(states);
  }

  @Override
  public Set<String> issuers() {
    return Set.of("quick");
  }
}
