package io.snaprail.localiot.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.testkit.peer.Programs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shadow client of AWS IoT Device SDK for JavaScript v1, by npm, against the endpoint. */
class AwsNpmShadowTest {
  private static final Path INSTALLED = Path.of("target", "peer", "npm").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void updatesGetsAndDeletesTheShadowAndSeesDeltasAndErrors() throws Exception {
    Programs.require("node", "nodejs");
    Programs.require("npm", "npm");
    install();
    try (RunningEndpoint running = new RunningEndpoint(folder)) {
      String said =
          Programs.succeed(
              "node",
              INSTALLED.resolve("shadow.js").toString(),
              Integer.toString(running.port()),
              RunningEndpoint.THING,
              running.pki.keyFile("demo").toString(),
              running.pki.certificateFile("demo").toString(),
              running.pki.rootsFile("localiot").toString());

      String thing = RunningEndpoint.THING;
      assertThat(said.lines().toList())
          .containsExactlyElementsOf(
              List.of(
                  "delta " + thing + " {\"speed\":3}",
                  "status " + thing + " accepted {\"desired\":{\"speed\":3}}",
                  "status " + thing + " accepted {\"reported\":{\"speed\":3}}",
                  "status "
                      + thing
                      + " accepted {\"desired\":{\"speed\":3},\"reported\":{\"speed\":3}}",
                  "status "
                      + thing
                      + " rejected {\"code\":400,\"message\":\"State node must be an object\"}",
                  "status " + thing + " accepted {}",
                  "status "
                      + thing
                      + " rejected {\"code\":404,\"message\":\"No shadow exists with name: '"
                      + thing
                      + "'\"}"));
    }
  }

  // In the version of its lock file; none of its scripts are run.
  private static void install() throws Exception {
    Files.createDirectories(INSTALLED);
    copy("shadow.js");
    copy("package.json");
    Path lock = copy("package-lock.json");
    Path mark = INSTALLED.resolve("installed");
    if (!Files.exists(mark) || Files.mismatch(lock, mark) >= 0) {
      Programs.Result result =
          Programs.run(
              "npm",
              "--prefix",
              INSTALLED.toString(),
              "ci",
              "--omit=optional",
              "--ignore-scripts",
              "--no-audit",
              "--no-fund");
      assertThat(result.code()).as("needs the npm registry: %s", result.output()).isZero();
      Files.copy(lock, mark, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path copy(String name) throws Exception {
    Path copy = INSTALLED.resolve(name);
    try (InputStream in = AwsNpmShadowTest.class.getResourceAsStream("/peer/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }
}
