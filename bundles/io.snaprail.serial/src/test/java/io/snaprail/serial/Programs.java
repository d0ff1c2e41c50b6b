package io.snaprail.serial;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the system that tests need. */
final class Programs {
  private Programs() {}

  /** Skips the test when a program is missing; fails it in continuous integration. */
  static void require(String program, String debianPackage) {
    boolean there =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    String message = program + " is missing: apt-get install " + debianPackage;
    if (!there && "true".equals(System.getenv("CI"))) {
      fail(message);
    }
    assumeTrue(there, message);
  }
}
