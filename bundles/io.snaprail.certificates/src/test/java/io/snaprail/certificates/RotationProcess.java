package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.file.FileFaults;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A gateway that rotates one identity again and again, in a process that is going to be killed. It
 * says on standard output what it does; at the step it was told it waits for its end.
 */
final class RotationProcess {
  private RotationProcess() {}

  /** Folder; number of the step of the first rotation to wait at, or -1; rotations to do. */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    int stop = Integer.parseInt(arguments[1]);
    try (RotationRig rig = new RotationRig(data).withIssuer()) {
      if (rig.store.active(RotationRig.NAME).isEmpty()) {
        rig.enroll();
      }
      rig.connect();
      end(rig);
      System.out.println("ready " + rig.active());
      int[] number = {0};
      try (FileFaults faults = FileFaults.watching(data, step -> at(step, number, stop))) {
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
          CompletableFuture<RotationState> outcome = rig.rotate();
          while (!ended(outcome)) {
            connect(rig);
          }
          System.out.println("rotated " + outcome.join().newFingerprint());
        }
      }
    }
  }

  /** What was cut before comes to its end. */
  private static void end(RotationRig rig) throws Exception {
    while (rig.rotations.rotations().stream().anyMatch(RotationState::running)) {
      connect(rig);
      ended(new CompletableFuture<>());
    }
  }

  private static void connect(RotationRig rig) throws CertificateStoreException {
    rig.connect();
  }

  private static boolean ended(CompletableFuture<?> outcome) throws Exception {
    try {
      outcome.get(2, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    }
  }

  private static void at(String step, int[] number, int stop) {
    if (number[0]++ == stop) {
      System.out.println("at " + step);
      try {
        // Until it is killed.
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
