package io.snaprail.localiot.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each step of a replacement fails once, or is the last thing that happens: what is read back is
 * the old or the new state, and what is in force is what would be read back.
 */
class RegistryCrashTest {
  @TempDir private Path folder;
  private final AtomicReference<@Nullable Step> failAt = new AtomicReference<>();

  /** The steps of {@link AtomicFile#write}, in its order. */
  private enum Step {
    CREATE,
    WRITE,
    HALF_WRITE,
    SYNC,
    RENAME,
    FOLDER_SYNC
  }

  private Registry open() throws IOException {
    Registry.Environment plain = RegistryFixture.environment();
    return Registry.open(
        folder,
        new Registry.Environment(plain.clock(), plain.rules(), plain.signer(), this::replace));
  }

  private void replace(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(".registry.new");
    step(Step.CREATE);
    step(Step.WRITE);
    if (failAt.get() == Step.HALF_WRITE) {
      Files.write(temporary, Arrays.copyOf(content, content.length / 2));
      step(Step.HALF_WRITE);
    }
    Files.write(temporary, content);
    step(Step.SYNC);
    step(Step.RENAME);
    Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    step(Step.FOLDER_SYNC);
  }

  private void step(Step step) throws IOException {
    if (failAt.get() == step) {
      throw new IOException("cut at " + step);
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void anyCutLeavesTheOldOrTheNewState(Step step) throws Exception {
    Registry registry = open();
    registry.things().create("old", "", Map.of());
    failAt.set(step);

    assertThatThrownBy(() -> registry.things().create("new", "", Map.of()))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.INTERNAL_FAILURE));

    failAt.set(null);
    RegistryState read = open().state();
    assertThat(read.things()).containsKey("old");
    assertThat(registry.state().things()).isEqualTo(read.things());
    // And it goes on.
    registry.things().create("new", "", Map.of());
    assertThat(open().state().things()).containsKeys("old", "new");
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void theVeryFirstWriteToo(Step step) throws Exception {
    Registry registry = open();
    failAt.set(step);
    assertThatThrownBy(() -> registry.things().create("new", "", Map.of()))
        .isInstanceOf(RegistryException.class);
    failAt.set(null);
    assertThat(open().state().things()).isEqualTo(registry.state().things());
  }
}
