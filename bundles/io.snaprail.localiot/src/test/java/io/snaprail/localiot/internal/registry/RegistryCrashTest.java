package io.snaprail.localiot.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.file.FileFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each write, fsync and rename fails once, or is the last thing that happens: what is read back is
 * the old or the new state, and after a failure what is in force is what would be read back.
 */
class RegistryCrashTest {
  @TempDir private Path folder;

  private static Registry open(Path of) throws IOException {
    return Registry.open(of, RegistryFixture.environment());
  }

  private int steps() throws Exception {
    Path other = folder.resolve("count");
    Registry registry = open(other);
    registry.things().create("old", "", Map.of());
    try (FileFaults faults = FileFaults.none(other)) {
      registry.things().create("new", "", Map.of());
      assertThat(faults.steps()).hasSizeGreaterThan(3);
      return faults.steps().size();
    }
  }

  @Test
  void aFailedStepLeavesWhatIsInForce() throws Exception {
    int steps = steps();
    for (int step = 0; step < steps; step++) {
      Path own = folder.resolve("failed" + step);
      Registry registry = open(own);
      registry.things().create("old", "", Map.of());
      try (FileFaults faults = FileFaults.failing(own, step)) {
        assertThatThrownBy(() -> registry.things().create("new", "", Map.of()))
            .isInstanceOfSatisfying(
                RegistryException.class,
                e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.INTERNAL_FAILURE));
        assertThat(faults.steps()).hasSizeGreaterThan(step);
      }
      RegistryState read = open(own).state();
      assertThat(read.things()).containsKey("old");
      assertThat(registry.state().things()).isEqualTo(read.things());
      // And it goes on.
      registry.things().create("new", "", Map.of());
      assertThat(open(own).state().things()).containsKeys("old", "new");
    }
  }

  @Test
  void aCutLeavesTheOldOrTheNewState() throws Exception {
    int steps = steps();
    for (int step = 0; step < steps; step++) {
      Path own = folder.resolve("cut" + step);
      Registry registry = open(own);
      registry.things().create("old", "", Map.of());
      try (FileFaults faults = FileFaults.cut(own, step)) {
        assertThatThrownBy(() -> registry.things().create("new", "", Map.of()))
            .isInstanceOf(FileFaults.PowerCut.class);
        assertThat(faults.steps()).hasSizeGreaterThan(step);
      }
      RegistryState read = open(own).state();
      assertThat(read.things()).containsKey("old");
      assertThat(read.things().size()).isBetween(1, 2);
    }
  }
}
