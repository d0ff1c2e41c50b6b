package io.snaprail.deploy.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.deploy.DeploymentState.Phase;
import io.snaprail.api.file.FileFaults;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.deploy.testing.Gate;
import io.snaprail.deploy.testing.TestBundle;
import io.snaprail.deploy.testing.TestSigner;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class DeployerTest {
  private static final String NAME = "com.example.driver";

  @TempDir static Path keys;
  private static TestSigner signer;

  @TempDir Path folder;
  private Gate gate;

  @BeforeAll
  static void makeKeys() throws Exception {
    signer = new TestSigner(keys).root("root").signer("maker", "root", "-ext", "eku=codeSigning");
  }

  @BeforeEach
  void make() throws Exception {
    gate = new Gate(folder, signer);
  }

  @AfterEach
  void end() throws Exception {
    gate.close();
  }

  private static TestBundle bundle(String version) throws IOException {
    return new TestBundle(NAME, version);
  }

  private DeploymentState install(String version) throws Exception {
    return gate.order(Action.INSTALL, "", gate.signed(bundle(version)));
  }

  private DeploymentState update(TestBundle bundle) throws Exception {
    return gate.order(Action.UPDATE, NAME, gate.signed(bundle));
  }

  private void restart() throws Exception {
    gate.stop();
    gate.start();
  }

  private void awaitRunning(String version) {
    await().untilAsserted(() -> assertThat(gate.running(NAME)).isEqualTo(version));
  }

  @Test
  void signedBundleIsInstalledAndIsThereAfterARestart() throws Exception {
    gate.start();
    DeploymentState end = install("1.0.0");
    assertThat(end.phase()).as(end.message()).isEqualTo(Phase.DONE);
    assertThat(gate.running(NAME)).isEqualTo("1.0.0");
    assertThat(gate.deployer.bundles().get(0).signer()).isEqualTo("CN=maker");
    restart();
    awaitRunning("1.0.0");
    assertThat(gate.deployer.find(end.id()))
        .get()
        .extracting(DeploymentState::phase)
        .isEqualTo(Phase.DONE);
    assertThat(gate.audited)
        .extracting(event -> event.subject() + " " + event.outcome())
        .containsExactly("? attempt", NAME + " ok");
  }

  @Test
  void updateReplacesAndRollBackGoesToTheOneBefore() throws Exception {
    gate.start();
    install("1.0.0");
    DeploymentState end = update(bundle("1.1.0"));
    assertThat(end.phase()).as(end.message()).isEqualTo(Phase.DONE);
    assertThat(gate.running(NAME)).isEqualTo("1.1.0");
    assertThat(gate.deployer.bundles().get(0).previous()).isEqualTo("1.0.0");
    DeploymentState back = gate.order(Action.ROLL_BACK, NAME, "");
    assertThat(back.phase()).as(back.message()).isEqualTo(Phase.DONE);
    awaitRunning("1.0.0");
    assertThat(jars()).hasSize(1);
    assertThat(gate.order(Action.ROLL_BACK, NAME, "").message()).contains("no earlier version");
    restart();
    awaitRunning("1.0.0");
  }

  private List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(gate.deploy().resolve("bundles"))) {
      return files.toList();
    }
  }

  @Test
  void onlyTheVersionInForceAndTheOneBeforeAreKept() throws Exception {
    gate.start();
    install("1.0.0");
    update(bundle("1.1.0"));
    update(bundle("1.2.0"));
    assertThat(jars()).hasSize(2);
    assertThat(gate.deployer.bundles().get(0).previous()).isEqualTo("1.1.0");
  }

  @Test
  void updateThatDoesNotStartIsRolledBack() throws Exception {
    gate.start();
    install("1.0.0");
    DeploymentState end = update(bundle("1.1.0").header("X-Fail", "start"));
    assertThat(end.phase()).isEqualTo(Phase.FAILED);
    assertThat(end.message())
        .contains("this version does not start", "version 1.0.0 is in force again");
    assertThat(gate.running(NAME)).isEqualTo("1.0.0");
    assertThat(jars()).hasSize(1);
    restart();
    awaitRunning("1.0.0");
  }

  @Test
  void updateWhoseImportsAreMissingLeavesTheOldOneAtWork() throws Exception {
    gate.start();
    install("1.0.0");
    long id = gate.bundle(NAME).orElseThrow().getBundleId();
    DeploymentState end =
        update(bundle("1.1.0").header("Import-Package", "org.osgi.framework,com.nowhere"));
    assertThat(end.phase()).isEqualTo(Phase.FAILED);
    assertThat(end.message()).contains("com.nowhere");
    // The same bundle: it was never taken away.
    assertThat(gate.bundle(NAME).orElseThrow().getBundleId()).isEqualTo(id);
    assertThat(gate.running(NAME)).isEqualTo("1.0.0");
  }

  @Test
  void singletonIsUpdatedToo() throws Exception {
    gate.start();
    gate.order(
        Action.INSTALL,
        "",
        gate.signed(bundle("1.0.0").header("Bundle-SymbolicName", NAME + ";singleton:=true")));
    DeploymentState end =
        update(bundle("1.1.0").header("Bundle-SymbolicName", NAME + ";singleton:=true"));
    assertThat(end.phase()).as(end.message()).isEqualTo(Phase.DONE);
    assertThat(gate.running(NAME)).isEqualTo("1.1.0");
  }

  @Test
  void removedBundleIsGoneAfterARestartToo() throws Exception {
    gate.start();
    install("1.0.0");
    assertThat(gate.order(Action.REMOVE, NAME, "").phase()).isEqualTo(Phase.DONE);
    assertThat(gate.bundle(NAME)).isEmpty();
    assertThat(jars()).isEmpty();
    restart();
    assertThat(gate.order(Action.REMOVE, NAME, "").message()).contains("is deployed");
    assertThat(gate.bundle(NAME)).isEmpty();
  }

  @Test
  void whatIsNotAllowedIsRefusedAndTouchesNothing() throws Exception {
    gate.start();
    Path unsigned = bundle("1.0.0").write(gate.inbox().resolve("u.jar"));
    DeploymentState end = gate.order(Action.INSTALL, "", "file:" + unsigned.getFileName());
    assertThat(end.phase()).isEqualTo(Phase.REFUSED);
    assertThat(end.message()).contains("not signed");
    install("1.0.0");
    assertThat(install("1.0.1").message()).contains("is there already; update it");
    assertThat(update(bundle("0.9.0")).message()).contains("above 1.0.0");
    assertThat(update(new TestBundle("com.example.other", "2")).message())
        .contains("expected the bundle 'com.example.driver'");
    assertThat(
            gate.order("v", Action.UPDATE, NAME, "1.2.0", gate.signed(bundle("1.1.0"))).message())
        .contains("expected version 1.2.0");
    assertThat(gate.order(Action.INSTALL, "", "file:../deploy.json").message())
        .contains("expected file:NAME");
    assertThat(gate.running(NAME)).isEqualTo("1.0.0");
  }

  @Test
  void wrongSettingIsTold() throws Exception {
    gate.start();
    await().until(() -> gate.problems.toString().contains("trial.s: expected 1..300, found 0"));
  }

  @Test
  void sameOrderIsCarriedOutOnceEvenAfterARestart() throws Exception {
    gate.start();
    String url = gate.signed(bundle("1.0.0"));
    DeploymentState first = gate.order("job-1", Action.INSTALL, "", "", url);
    restart();
    awaitRunning("1.0.0");
    assertThat(gate.order("job-1", Action.INSTALL, "", "", url)).isEqualTo(first);
  }

  @Test
  void nothingIsDoneThatCannotBeAudited() throws Exception {
    AuditLog full =
        event -> {
          throw new AuditUnavailableException("disk full", null);
        };
    gate.services.with(AuditLog.class, full);
    gate.start();
    assertThat(install("1.0.0").message()).contains("audit log cannot be written");
    assertThat(gate.bundle(NAME)).isEmpty();
  }

  @Test
  void bundleOfTheDistributionIsReplacedAndComesBack() throws Exception {
    gate.platform(bundle("1.0.0"), "a.jar").start();
    DeploymentState end = update(bundle("1.1.0"));
    assertThat(end.phase()).as(end.message()).isEqualTo(Phase.DONE);
    assertThat(gate.running(NAME)).isEqualTo("1.1.0");
    restart();
    awaitRunning("1.1.0");
    assertThat(gate.order(Action.ROLL_BACK, NAME, "").message())
        .contains("what came with the distribution is in force again");
    assertThat(gate.running(NAME)).isEqualTo("1.0.0");
    restart();
    awaitRunning("1.0.0");
  }

  @Test
  void newerDistributionWinsOverWhatWasDeployed() throws Exception {
    gate.platform(bundle("1.0.0"), "a.jar").start();
    update(bundle("1.1.0"));
    gate.stop();
    gate.platform(bundle("1.2.0"), "a.jar").start();
    await().until(() -> gate.deployer.bundles().isEmpty());
    assertThat(gate.running(NAME)).isEqualTo("1.2.0");
  }

  // Security: 12 bad jars, 3 ways in; by hand and from the framework's cache at a restart.
  @Test
  void bundleThatCameInByAnotherWayDoesNotRun() throws Exception {
    gate.start();
    Path jar = new TestBundle("com.example.sneaky", "1").write(folder.resolve("s.jar"));
    Bundle sneaky;
    try (InputStream in = Files.newInputStream(jar)) {
      sneaky = gate.framework.getBundleContext().installBundle("inputstream:s.jar", in);
    }
    try {
      sneaky.start();
    } catch (org.osgi.framework.BundleException expected) {
      assertThat(expected.getType()).isNotEqualTo(org.osgi.framework.BundleException.UNSPECIFIED);
    }
    assertThat(sneaky.getState()).isEqualTo(Bundle.INSTALLED);
    gate.stop();
    gate.require = false;
    gate.start();
    await().until(() -> !gate.running("com.example.sneaky").isEmpty() || startSneaky());
    gate.stop();
    gate.require = true;
    gate.start();
    await().until(() -> gate.running("com.example.sneaky").isEmpty());
    await().until(() -> gate.problems.toString().contains("com.example.sneaky"));
    assertThat(gate.bundle("com.example.sneaky").orElseThrow().getState())
        .isEqualTo(Bundle.INSTALLED);
  }

  private boolean startSneaky() throws Exception {
    gate.bundle("com.example.sneaky").orElseThrow().start();
    return false;
  }

  @Test
  void jarThatWasChangedOnDiskIsNotStarted() throws Exception {
    gate.start();
    install("1.0.0");
    gate.stop();
    Files.write(jars().get(0), new byte[100]);
    gate.start();
    await().until(() -> gate.problems.toString().contains("its SHA-256 is another"));
    assertThat(gate.bundle(NAME)).isEmpty();
  }

  @Test
  void damagedListIsToldAndNothingIsDeployed() throws Exception {
    gate.start();
    install("1.0.0");
    gate.stop();
    Files.writeString(gate.deploy().resolve("deploy.json"), "{");
    gate.start();
    await().until(() -> gate.problems.toString().contains("deploy.json is damaged"));
    assertThat(install("1.0.0").message()).contains("is damaged");
    assertThat(Files.readString(gate.deploy().resolve("deploy.json"))).isEqualTo("{");
  }

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
          new io.snaprail.api.deploy.DeploymentOrder(
              "cut", Action.UPDATE, NAME, "", url, "", "test", "test"));
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
    Path before = folder.resolveSibling("before-" + folder.getFileName());
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
        oldOrNew(before, step, cut, steps.get(step));
      }
    }
  }

  private void oldOrNew(Path before, int step, boolean cut, String what) throws Exception {
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

  @Test
  void updateThatTakesItsDevicesDownIsRolledBack() throws Exception {
    gate.services.with(Gateway.class, gateway());
    gate.start();
    install("1.0.0");
    DeploymentState end = update(bundle("1.1.0"));
    assertThat(end.phase()).isEqualTo(Phase.FAILED);
    assertThat(end.message()).contains("devices do not work any more", "meter-1", "1.0.0 is in");
    assertThat(gate.running(NAME)).isEqualTo("1.0.0");
  }

  /** The device answers as long as the old version runs. */
  private Gateway gateway() {
    return (Gateway)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Gateway.class},
            (proxy, method, arguments) ->
                List.of(
                    new DeviceStatus(
                        "meter-1",
                        NAME,
                        "",
                        "bus",
                        gate.running(NAME).equals("1.0.0")
                            ? DeviceStatus.State.ONLINE
                            : DeviceStatus.State.OFFLINE,
                        "",
                        1,
                        Duration.ofSeconds(1),
                        null,
                        0,
                        0,
                        0,
                        0,
                        Duration.ZERO)));
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
