package io.snaprail.deploy.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.deploy.DeploymentState.Phase;
import io.snaprail.api.file.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in force when the gateway is cut off, or its disk fails, in the middle of an order. */
class DeployerCutTest extends DeployerRig {
  @TempDir Path before;

  @Test
  void trialThatWasCutGoesOnOnceAndIsThenGivenUp() throws Exception {
    gate.start();
    install("1.0.0");
    gate.trial = Duration.ofSeconds(60);
    restart();
    awaitRunning("1.0.0");
    cutTheTrial(true);
    restart();
    cutTheTrial(false);
    gate.trial = Duration.ofMillis(50);
    restart();
    await().until(() -> gate.deployer.find("cut").filter(DeploymentState::ended).isPresent());
    assertThat(gate.deployer.find("cut").orElseThrow().message()).contains("stopped twice");
    awaitRunning("1.0.0");
  }

  private void cutTheTrial(boolean order) throws Exception {
    if (order) {
      String url = gate.signed(bundle("1.1.0"));
      gate.deployer.submit(
          new DeploymentOrder("cut", Action.UPDATE, NAME, "", url, "", "test", "test"));
    }
    awaitRunning("1.1.0");
    await()
        .until(
            () -> gate.deployer.find("cut").filter(one -> one.phase() == Phase.TRIAL).isPresent());
  }

  @Test
  void trialThatWasCutOnceEndsWell() throws Exception {
    gate.start();
    install("1.0.0");
    gate.trial = Duration.ofSeconds(60);
    restart();
    awaitRunning("1.0.0");
    cutTheTrial(true);
    gate.trial = Duration.ofMillis(50);
    restart();
    await().until(() -> gate.deployer.find("cut").filter(DeploymentState::ended).isPresent());
    assertThat(gate.deployer.find("cut").orElseThrow().phase()).isEqualTo(Phase.DONE);
    assertThat(gate.running(NAME)).isEqualTo("1.1.0");
  }

  @Test
  void cutOrFailureAtAnyStepLeavesTheOldOrTheNewBundle() throws Exception {
    gate.start();
    install("1.0.0");
    gate.stop();
    copy(folder, before);
    gate.start();
    awaitRunning("1.0.0");
    List<String> steps;
    try (FileFaults faults = FileFaults.none(gate.deploy())) {
      assertThat(update(bundle("1.1.0")).phase()).isEqualTo(Phase.DONE);
      steps = faults.steps();
    }
    assertThat(steps).anyMatch(step -> step.startsWith("MOVE bundles/"));
    assertThat(steps.stream().filter(step -> step.startsWith("MOVE deploy.json")).count())
        .isEqualTo(2);
    for (int step = 0; step < steps.size(); step++) {
      for (boolean cut : new boolean[] {true, false}) {
        oldOrNew(step, cut, steps.get(step));
      }
    }
  }

  private void oldOrNew(int step, boolean cut, String what) throws Exception {
    gate.stop();
    wipe(folder);
    copy(before, folder);
    gate.start();
    awaitRunning("1.0.0");
    String url = gate.signed(bundle("1.1.0"));
    DeploymentState end;
    try (FileFaults faults =
        cut ? FileFaults.cut(gate.deploy(), step) : FileFaults.failing(gate.deploy(), step)) {
      end = gate.order(Action.UPDATE, NAME, url);
      assertThat(faults.steps()).hasSizeGreaterThan(step);
      if (!cut) {
        assertThat(gate.running(NAME))
            .as("%s fails: %s", what, end)
            .isEqualTo(end.phase() == Phase.DONE ? "1.1.0" : "1.0.0");
      }
    }
    String state = Files.readString(gate.deploy().resolve("deploy.json"));
    restart();
    // A trial that was under way goes on; else what is written down runs, and nothing else.
    boolean fresh =
        state.contains("\"pending\"") || state.contains("\"current\":{\"version\":\"1.1.0\"");
    String expected = fresh ? "1.1.0" : "1.0.0";
    awaitRunning(expected);
    await().until(() -> jars().size() <= 2);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Path target = to.resolve(from.relativize(one).toString());
        if (Files.isDirectory(one)) {
          Files.createDirectories(target);
        } else {
          Files.copy(one, target);
        }
      }
    }
  }

  private static void wipe(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (!one.equals(folder)) {
          Files.delete(one);
        }
      }
    }
  }
}
