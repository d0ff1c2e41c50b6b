package io.snaprail.awsiot.internal.jobs;

import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replaces key and certificate of an identity: {@code {"operation":"rotate-certificate",
 * "identity":"…","issuer":"…"}}; both may be left out for those of the uplink. Succeeds when a
 * connection with the new certificate has been accepted; fails when the old one is back in force.
 */
public final class RotateCertificate implements JobOperation {
  /** Its name in a job's document. */
  public static final String NAME = "rotate-certificate";

  private static final Duration LOOK = Duration.ofMillis(500);

  /** A trial ends with a connection or by hand: a job does not wait for ever. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final Supplier<@Nullable CertificateRotations> rotations;
  private final String identity;
  private final String issuer;
  private final CountDownLatch never = new CountDownLatch(1);

  /**
   * Rotates.
   *
   * @param identity of the uplink
   * @param issuer of the uplink; empty for the one that the identity's schedule names
   */
  public RotateCertificate(
      Supplier<@Nullable CertificateRotations> rotations, String identity, String issuer) {
    this.rotations = rotations;
    this.identity = identity;
    this.issuer = issuer;
  }

  @Override
  public Map<String, String> run(JobRun run)
      throws JobFailedException, IOException, InterruptedException {
    CertificateRotations service = rotations.get();
    if (service == null) {
      throw new JobFailedException("the certificate store is not there");
    }
    String name = JsonText.text(run.document(), "identity").orElse(identity);
    String signer = JsonText.text(run.document(), "issuer").orElse(issuer);
    String reason = "job " + run.id();
    if (run.before().isEmpty()) {
      // Told before it begins: after a cut it is looked for, and not begun a second time.
      run.step("rotating", Map.of("identity", name));
    }
    RotationState state = find(service, name, reason).orElse(null);
    if (state == null) {
      begin(service, name, signer, reason);
    }
    return end(service, name, reason);
  }

  private static void begin(CertificateRotations service, String name, String signer, String reason)
      throws JobFailedException {
    CompletionStage<RotationState> begun = service.rotate(name, signer, reason);
    if (begun.toCompletableFuture().isCompletedExceptionally()) {
      Throwable why = begun.handle((done, failure) -> failure).toCompletableFuture().join();
      Throwable cause = why.getCause() == null ? why : why.getCause();
      throw new JobFailedException(String.valueOf(cause.getMessage()));
    }
  }

  // The connection is made anew in between: the job's own answers wait for it.
  private Map<String, String> end(CertificateRotations service, String name, String reason)
      throws JobFailedException, InterruptedException {
    long until = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() - until < 0) {
      RotationState state = find(service, name, reason).orElse(null);
      if (state != null && !state.running()) {
        if (state.phase() == RotationState.Phase.DONE) {
          return Map.of("certificateId", state.newFingerprint(), "retired", state.oldFingerprint());
        }
        throw new JobFailedException("the old certificate stays in force: " + state.message());
      }
      never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
    throw new JobFailedException(
        "no connection was accepted within " + LONGEST.toMinutes() + " min; the trial goes on");
  }

  private static Optional<RotationState> find(
      CertificateRotations service, String name, String reason) {
    return service.rotations().stream()
        .filter(one -> one.identity().equals(name) && one.reason().equals(reason))
        .findFirst();
  }
}
