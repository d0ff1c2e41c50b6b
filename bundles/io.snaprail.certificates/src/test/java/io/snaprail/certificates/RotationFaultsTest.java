package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import io.snaprail.api.file.FileFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each write, fsync, rename and delete of a rotation fails once, and is cut once: the gateway comes
 * back with the old or the new identity, and its rotation goes on or is over.
 */
class RotationFaultsTest {
  @TempDir Path folder;

  /** A whole rotation in an own folder; the number of its steps. */
  private List<String> steps() throws Exception {
    Path data = folder.resolve("count");
    try (RotationRig rig = enrolled(data);
        FileFaults faults = FileFaults.none(data)) {
      run(rig);
      await().until(() -> !rig.issuer.retired.isEmpty());
      await().until(() -> retired(data));
      return faults.steps();
    }
  }

  private static RotationRig enrolled(Path data) throws Exception {
    Files.createDirectories(data);
    RotationRig rig = new RotationRig(data).withIssuer();
    rig.enroll();
    rig.connect();
    return rig;
  }

  private static boolean retired(Path data) {
    try {
      return Files.readString(data.resolve("certificates/rotations/gateway.txt"))
          .contains("\nretire: \n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client connects until the rotation is over, or nothing goes on. */
  private static void run(RotationRig rig) {
    CompletableFuture<RotationState> outcome = rig.rotate();
    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              connect(rig);
              return outcome.isDone();
            });
    assertThat(outcome).isCompleted();
  }

  private static void connect(RotationRig rig) {
    try {
      rig.connect();
    } catch (CertificateStoreException | UncheckedIOException cut) {
      assertThat(cut).hasMessageContaining("cut");
    }
  }

  @Test
  void aStepThatFailsLeavesTheOldIdentityOrTheNewOne() throws Exception {
    List<String> steps = steps();
    for (int step = 0; step < steps.size(); step++) {
      Path data = folder.resolve("fails-" + step);
      try (RotationRig rig = enrolled(data)) {
        String old = rig.active();
        try (FileFaults faults = FileFaults.failing(data, step)) {
          CompletableFuture<RotationState> outcome = rig.rotate();
          await("step " + step + ": " + steps.get(step))
              .pollInterval(Duration.ofMillis(2))
              .atMost(Duration.ofSeconds(20))
              .until(
                  () -> {
                    connect(rig);
                    return outcome.isDone()
                        && (outcome.isCompletedExceptionally() || !rig.issuer.retired.isEmpty());
                  });
          int at = step;
          // Of a failure of the last steps nobody hears.
          await().until(() -> faults.steps().size() > at);
          assertThat(faults.steps()).as("step %d", step).hasSizeGreaterThan(step);
        }
        comesBack(data, old, "when " + steps.get(step) + " fails");
      }
    }
  }

  @Test
  void aCutAtAnyStepLeavesTheOldIdentityOrTheNewOne() throws Exception {
    List<String> steps = steps();
    assertThat(steps).as("more than one write a phase").hasSizeGreaterThan(25);
    for (int step = 0; step < steps.size(); step++) {
      Path data = folder.resolve("cut-" + step);
      String old;
      int at = step;
      try (RotationRig rig = enrolled(data)) {
        old = rig.active();
        try (FileFaults faults = FileFaults.cut(data, step)) {
          rig.rotate();
          await()
              .pollInterval(Duration.ofMillis(2))
              .atMost(Duration.ofSeconds(20))
              .until(
                  () -> {
                    if (faults.steps().size() <= at) {
                      connect(rig);
                    }
                    return faults.steps().size() > at;
                  });
          rig.close();
        }
      }
      comesBack(data, old, "when cut at " + steps.get(step));
    }
  }

  /** A new start finds a whole identity, and the rotation ends. */
  private static void comesBack(Path data, String old, String when) throws Exception {
    try (RotationRig again = new RotationRig(data)) {
      String found = again.active();
      assertThat(again.next()).as(when).isNotNull();
      assertThat(again.states()).as(when).contains(State.ACTIVE);
      boolean begun = !again.rotations.rotations().isEmpty();
      boolean running = begun && again.state().running();
      if (!running && !found.equals(old)) {
        assertThat(again.state().phase()).as(when).isEqualTo(Phase.DONE);
      }
      again.withIssuer();
      if (running) {
        await()
            .pollInterval(Duration.ofMillis(2))
            .alias(when)
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> {
                  connect(again);
                  return !again.state().running();
                });
        assertThat(again.state().phase()).as(when).isEqualTo(Phase.DONE);
        assertThat(again.active()).as(when).isNotEqualTo(old);
      }
      assertThat(again.states()).as(when).doesNotContain(State.TRIAL);
      assertThat(again.states()).as(when).doesNotContain(State.PENDING);
    }
  }
}
