package io.snaprail.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What AtomicFile leaves when any of its steps fails or is the last. */
class FileFaultsTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void oldContent() throws IOException {
    file = folder.resolve("a.json");
    write("old");
  }

  private void write(String content) throws IOException {
    AtomicFile.write(file, content.getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private int steps() throws IOException {
    try (FileFaults faults = FileFaults.none(folder)) {
      write("old");
      assertThat(faults.steps())
          .containsExactly(
              "CREATE a.json", "WRITE a.json", "SYNC a.json", "MOVE a.json", "SYNC_FOLDER a.json");
      return faults.steps().size();
    }
  }

  @Test
  void aStepThatFailsLeavesTheOldContentOrTheNewAndNothingBeside() throws Exception {
    for (int step = 0; step < steps(); step++) {
      write("old");
      try (FileFaults faults = FileFaults.failing(folder, step)) {
        assertThatThrownBy(() -> write("new")).hasMessageContaining("No space left");
        assertThat(faults.steps()).hasSizeGreaterThan(step);
      }
      assertThat(Files.readString(file)).isEqualTo(step < 4 ? "old" : "new");
      assertThat(files()).as("after step %d failed", step).containsExactly("a.json");
    }
  }

  @Test
  void aCutLeavesTheOldContentOrTheNew() throws Exception {
    for (int step = 0; step < steps(); step++) {
      write("old");
      try (FileFaults faults = FileFaults.cut(folder, step)) {
        assertThatThrownBy(() -> write("new")).isInstanceOf(FileFaults.PowerCut.class);
        assertThatThrownBy(() -> AtomicFile.delete(file)).isInstanceOf(FileFaults.PowerCut.class);
        assertThat(faults.steps()).hasSizeGreaterThan(step);
      }
      assertThat(Files.readString(file)).isEqualTo(step < 4 ? "old" : "new");
    }
  }

  /** kill -9 leaves the temporary file; it may hold what was to be a secret. */
  @Test
  void whatACutLeavesBesideIsRemoved() throws Exception {
    Path below = Files.createDirectories(folder.resolve("below"));
    file = below.resolve("a.json");
    try (FileFaults faults = FileFaults.cut(folder, 3)) {
      assertThatThrownBy(() -> write("new")).isInstanceOf(FileFaults.PowerCut.class);
      assertThat(faults.steps()).hasSize(5);
    }
    Files.writeString(below.resolve("keep.new"), "not hidden");
    Files.writeString(below.resolve(".keep"), "not temporary");

    assertThat(AtomicFile.removeLeftovers(folder)).isEqualTo(1);
    assertThat(AtomicFile.removeLeftovers(folder.resolve("nowhere"))).isZero();
    try (var left = Files.list(below)) {
      assertThat(left.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("keep.new", ".keep");
    }
  }
}
