package io.snaprail.deploy.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.deploy.testing.Gate;
import io.snaprail.deploy.testing.TestBundle;
import io.snaprail.deploy.testing.TestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with a deployment, and orders for it. */
abstract class DeployerRig {
  static final String NAME = "com.example.driver";

  @TempDir static Path keys;
  static TestSigner signer;

  @TempDir Path folder;
  Gate gate;

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

  static TestBundle bundle(String version) throws IOException {
    return new TestBundle(NAME, version);
  }

  DeploymentState install(String version) throws Exception {
    return gate.order(Action.INSTALL, "", gate.signed(bundle(version)));
  }

  DeploymentState update(TestBundle bundle) throws Exception {
    return gate.order(Action.UPDATE, NAME, gate.signed(bundle));
  }

  void restart() throws Exception {
    gate.stop();
    gate.start();
  }

  void awaitRunning(String version) {
    await().untilAsserted(() -> assertThat(gate.running(NAME)).isEqualTo(version));
  }

  List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(gate.deploy().resolve("bundles"))) {
      return files.toList();
    }
  }
}
