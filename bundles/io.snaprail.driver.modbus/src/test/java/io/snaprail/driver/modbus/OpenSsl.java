package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates that nobody here made: by the openssl of the machine, in a folder. */
final class OpenSsl {
  private final Path folder;

  /** With an authority in roots.pem. Fails in CI and skips elsewhere when a program is missing. */
  OpenSsl(Path folder) throws Exception {
    this.folder = folder;
    require("openssl");
    run(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout roots.key -out"
            + " roots.pem -subj /CN=Plant -days 30");
  }

  static void require(String program) {
    boolean present =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    String missing = program + " is not on the PATH; install the Debian package of that name";
    if (!present && "true".equals(System.getenv("CI"))) {
      fail(missing);
    }
    assumeTrue(present, missing);
  }

  /**
   * Makes NAME.key and NAME.pem.
   *
   * @param extensions lines of an extension file
   */
  void issue(String name, String... extensions) throws Exception {
    Files.write(folder.resolve(name + ".ext"), List.of(extensions));
    run(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %1$s.key -out %1$s.csr -subj /CN=%1$s"
            .formatted(name));
    run(
        "x509 -req -in %1$s.csr -CA roots.pem -CAkey roots.key -CAcreateserial -days 10 -extfile %1$s.ext -out %1$s.pem"
            .formatted(name));
  }

  /** Key and certificate in one. */
  String identity(String name) throws IOException {
    return read(name + ".key") + read(name + ".pem");
  }

  String read(String file) throws IOException {
    return Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
  }

  private void run(String line) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(line.split(" ")));
    Path output = Files.createTempFile(folder, "openssl", ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(line).isTrue();
    assertThat(process.exitValue())
        .as("openssl " + line + ": " + Files.readString(output))
        .isZero();
  }
}
