package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.RotationState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a process that rotates an identity, at each step and at any moment: it comes back with
 * the old or the new identity, and what was cut goes on. {@code ./snaprail rotation [KILLS]} is the
 * long form.
 */
class RotationKillTest {
  private static final int KILLS = Integer.getInteger("rotation.kills", 8);
  private static final long SEED = Long.getLong("rotation.seed", System.nanoTime());

  /**
   * Steps of one rotation with its retirement; more is never reached, and then killed at random.
   */
  private static final int STEPS = 46;

  /** Longer than one rotation takes. */
  private static final int LONGEST_MS = 250;

  @TempDir Path data;
  private final Map<String, Integer> killedAt = new TreeMap<>();
  private final Random random = new Random(SEED);

  @Test
  void aKilledGatewayComesBackWithTheOldIdentityOrTheNewOne() throws Exception {
    int carriedOn = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      // By turns: at a step, and at any moment.
      int step =
          kill % 2 == 0 ? KILLS >= 2 * STEPS ? (kill / 2) % STEPS : random.nextInt(STEPS) : -1;
      String when = kill(step);
      carriedOn += look("kill " + kill + " " + when + ", seed " + SEED);
    }
    Process last = start(-1, 1);
    assertThat(lines(last)).anyMatch(line -> line.startsWith("rotated "));
    assertThat(last.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(look("at the end")).isZero();
    System.out.printf(
        "rotation: %d kills, %d of them in the midst of a rotation; seed %d%n",
        KILLS, carriedOn, SEED);
    killedAt.forEach((at, times) -> System.out.printf("rotation:   %s: %d%n", at, times));
  }

  /** Kills a process that has come up; where that was. */
  private String kill(int step) throws Exception {
    Process process = start(step, 1000);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.startsWith("ready ")) {
        line = out.readLine();
      }
      assertThat(line).as("it comes up again").isNotNull();
      String where = "at any moment";
      if (step >= 0) {
        while (line != null && !line.startsWith("at ")) {
          line = out.readLine();
        }
        where = String.valueOf(line);
      } else {
        process.waitFor(random.nextInt(LONGEST_MS), TimeUnit.MILLISECONDS);
      }
      killedAt.merge(where, 1, Integer::sum);
      return where;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** What a new start finds; 1 when a rotation was under way. */
  private int look(String when) throws Exception {
    try (RotationRig rig = new RotationRig(data)) {
      assertThat(rig.next()).as(when).isNotNull();
      assertThat(rig.states()).as(when).contains(State.ACTIVE);
      String active = rig.active();
      RotationState state = rig.rotations.rotations().isEmpty() ? null : rig.state();
      if (state != null) {
        assertThat(
                active.equals(state.oldFingerprint())
                    || active.equals(state.newFingerprint())
                    // Installed and not noted yet.
                    || state.phase() == RotationState.Phase.SIGNING)
            .as(when + ": the old identity, or the new one")
            .isTrue();
      }
      try (Stream<Path> files = Files.walk(rig.fixture.folder)) {
        assertThat(files.filter(f -> f.getFileName().toString().startsWith(".")))
            .as(when)
            .isEmpty();
      }
      return state != null && state.running() ? 1 : 0;
    }
  }

  private Process start(int step, int rotations) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx96m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RotationProcess.class.getName(),
            data.toString(),
            String.valueOf(step),
            String.valueOf(rotations)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static List<String> lines(Process process) throws IOException {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return out.lines().toList();
    }
  }
}
