package io.snaprail.localiot.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.snaprail.api.file.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each step of a write fails once, or is where the power goes: old or new, and never a third. */
class JobCrashTest {
  @TempDir private Path root;

  private static void change(JobRig rig, String how) throws Exception {
    switch (how) {
      case "create" -> rig.job("new");
      case "update" -> rig.ask("old/update", "{\"status\":\"IN_PROGRESS\"}");
      case "cancel" -> rig.service.cancel("old", true);
      default -> rig.service.delete("old", true);
    }
  }

  private static String state(Path folder) throws Exception {
    return new JobRig(folder).service.list().toString();
  }

  private Path folder(String name) throws Exception {
    Path folder = Files.createDirectory(root.resolve(name));
    new JobRig(folder).job("old");
    return folder;
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "update", "cancel", "delete"})
  void oldOrNewContentIsThere(String how) throws Exception {
    Path untouched = folder("untouched");
    String before = state(untouched);
    int steps = 0;
    try (FileFaults faults = FileFaults.none(untouched)) {
      change(new JobRig(untouched), how);
      steps = faults.steps().size();
    }
    String after = state(untouched);
    assertThat(after).isNotEqualTo(before);
    assertThat(steps).isGreaterThan(1);
    for (int step = 0; step < steps; step++) {
      Path failing = folder("failing" + step);
      JobRig rig = new JobRig(failing);
      try (FileFaults faults = FileFaults.failing(failing, step)) {
        Throwable said = catchThrowable(() -> change(rig, how));
        assertThat(said == null || said instanceof JobsException).isTrue();
        assertThat(faults.steps()).hasSizeGreaterThan(step);
      }
      assertThat(state(failing)).as("step %d fails", step).isIn(List.of(before, after));
      assertThat(rig.faults).hasSize(1);

      Path cut = folder("cut" + step);
      try (FileFaults faults = FileFaults.cut(cut, step)) {
        assertThat(catchThrowable(() -> cutChange(cut, how))).as("%s", faults.steps()).isNotNull();
      }
      assertThat(state(cut)).as("power cut at step %d", step).isIn(List.of(before, after));
    }
  }

  private static void cutChange(Path cut, String how) throws Exception {
    try {
      change(new JobRig(cut), how);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
