package io.snaprail.certificates;

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

/** The openssl of the machine: what it makes, people bring; what it accepts, others accept. */
final class OpenSsl {
  private final Path folder;

  private OpenSsl(Path folder) {
    this.folder = folder;
  }

  /** Fails in CI and skips elsewhere when there is none. */
  static OpenSsl in(Path folder) {
    boolean present =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "openssl")));
    String missing = "openssl is not on the PATH; install the Debian package openssl";
    if (!present && "true".equals(System.getenv("CI"))) {
      fail(missing);
    }
    assumeTrue(present, missing);
    return new OpenSsl(folder);
  }

  /** Runs {@code openssl <line>}, arguments separated by blanks; returns what it prints. */
  String run(String line) throws IOException, InterruptedException {
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
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as("openssl " + line + ": " + printed).isZero();
    return printed;
  }

  String read(String file) throws IOException {
    return Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
  }

  void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content, StandardCharsets.UTF_8);
  }
}
