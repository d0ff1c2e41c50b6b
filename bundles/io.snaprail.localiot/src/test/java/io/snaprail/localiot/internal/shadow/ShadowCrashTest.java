package io.snaprail.localiot.internal.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.snaprail.api.file.FileFaults;
import io.snaprail.localiot.internal.shadow.Shadows.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each step of a write fails once, or is where the power goes: old or new, and never a third. */
class ShadowCrashTest {
  private static final ShadowName NAME = new ShadowName("thing", "s");

  @TempDir private Path root;

  private static Shadows open(Path folder) {
    return new Shadows(
        folder,
        thing -> true,
        Clock.fixed(Instant.ofEpochSecond(1000), ZoneOffset.UTC),
        fault -> {});
  }

  private static void ask(Shadows shadows, String document) {
    shadows.handle(Operation.UPDATE, NAME, document.getBytes(StandardCharsets.UTF_8));
  }

  private static String get(Shadows shadows) {
    return shadows.handle(Operation.GET, NAME, new byte[0]).get(0).document().toString();
  }

  private static void change(Shadows shadows, String how) {
    if (how.equals("delete")) {
      shadows.handle(Operation.DELETE, NAME, new byte[0]);
    } else {
      ask(shadows, "{\"state\":{\"desired\":{\"a\":\"new\"}}}");
    }
  }

  private Path folder(String name) throws IOException {
    Path folder = Files.createDirectory(root.resolve(name));
    ask(open(folder), "{\"state\":{\"desired\":{\"a\":\"old\"}}}");
    return folder;
  }

  @ParameterizedTest
  @ValueSource(strings = {"update", "delete"})
  void oldOrNewContentIsThere(String how) throws Exception {
    Path untouched = folder("untouched");
    String before = get(open(untouched));
    int steps;
    try (FileFaults faults = FileFaults.none(untouched)) {
      change(open(untouched), how);
      steps = faults.steps().size();
    }
    String after = get(open(untouched));
    assertThat(after).isNotEqualTo(before);
    assertThat(steps).isGreaterThan(3);
    for (int step = 0; step < steps; step++) {
      List<String> either = List.of(before, after);
      Path failing = folder("failing" + step);
      Shadows survivor = open(failing);
      try (FileFaults faults = FileFaults.failing(failing, step)) {
        change(survivor, how);
        assertThat(faults.steps()).hasSizeGreaterThan(step);
      }
      assertThat(get(open(failing))).as("step %d fails", step).isIn(either);
      // Who goes on running sees what the disk holds.
      assertThat(get(survivor)).isEqualTo(get(open(failing)));

      Path cut = folder("cut" + step);
      try (FileFaults faults = FileFaults.cut(cut, step)) {
        Throwable power = catchThrowable(() -> change(open(cut), how));
        assertThat(power).as("%s", faults.steps()).isNotNull();
      }
      assertThat(get(open(cut))).as("power cut at step %d", step).isIn(either);
    }
  }
}
