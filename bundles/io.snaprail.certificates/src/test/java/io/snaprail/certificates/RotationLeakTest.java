package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.RotationState;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotations leave nothing behind; {@code -Drotation.leaks=500} is the long form. */
class RotationLeakTest {
  private static final int ROTATIONS = Integer.getInteger("rotation.leaks", 60);
  private static final int WARM = 30;

  /**
   * The JDK keeps the last 750 certificates that it has read, 2.3 MB of them after 250 rotations,
   * and 2.6 MB after 1,500: a leak of a rotation's own would go on.
   */
  private static final long MAX_GROWTH = 4L * 1024 * 1024;

  @TempDir Path data;

  private record Held(int threads, int descriptors, int providers, long files, long heap) {}

  @Test
  void rotationsLeaveNothingBehind() throws Exception {
    try (RotationRig rig = new RotationRig(data).withIssuer()) {
      rig.enroll();
      rig.connect();
      rotate(rig, WARM);
      Held before = held(rig);
      rotate(rig, ROTATIONS);
      Held after = held(rig);

      assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads());
      assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors());
      assertThat(after.providers()).as("providers").isEqualTo(before.providers());
      assertThat(after.files()).as("files").isEqualTo(before.files());
      assertThat(after.heap() - before.heap()).as("heap").isLessThan(MAX_GROWTH);
      System.out.printf("rotation: %d rotations, before %s, after %s%n", ROTATIONS, before, after);
    }
  }

  private static void rotate(RotationRig rig, int times) {
    for (int i = 0; i < times; i++) {
      CompletableFuture<RotationState> outcome = rig.rotate();
      await()
          .pollInterval(Duration.ofMillis(2))
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                rig.connect();
                return outcome.isDone();
              });
      assertThat(outcome).isCompleted();
    }
  }

  private Held held(RotationRig rig) throws Exception {
    // What the test itself notes grows.
    rig.fixture.audited.clear();
    rig.fixture.changed.clear();
    rig.issuer.asked.clear();
    rig.issuer.retired.clear();
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    String[] descriptors = new File("/proc/self/fd").list();
    try (Stream<Path> files = Files.walk(data)) {
      return new Held(
          Thread.getAllStackTraces().size(),
          descriptors == null ? 0 : descriptors.length,
          Security.getProviders().length,
          files.count(),
          heap);
    }
  }
}
