package io.snaprail.deploy.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.deploy.DeploymentState.Phase;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.deploy.testing.TestBundle;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

class DeployerTest extends DeployerRig {
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
}
